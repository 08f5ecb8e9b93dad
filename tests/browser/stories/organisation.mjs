// The organisation: the number to call, gaps, an absence that changes where a report goes, and the rooms around it.

import { story } from '../story.mjs';

export default [
  // proves: MODOT-3-phone
  story('the number to call stands on the first screen of a phone, signed out', { widths: [360] }, async (visitor) => {
    await visitor.visit('/r/NWD');
    const call = visitor.page.getByRole('link', { name: /573.751.7446/ }).first();
    await call.waitFor({ state: 'visible' });
    const { y, height } = await call.boundingBox();
    const seen = visitor.page.viewportSize().height;
    const scrolled = await visitor.page.evaluate(() => window.scrollY);
    if (scrolled !== 0 || y < 0 || y + height > seen) {
      throw new Error(`the number ends at ${y + height} of ${seen} pixels, scrolled ${scrolled}`);
    }
    if ((await call.getAttribute('href')) !== 'tel:+15737517446') throw new Error(await call.getAttribute('href'));
  }),
  story('the chief reads offices, notices and people, and takes a notice down', async (visitor) => {
    await visitor.signIn('Chief security officer', 'DMH');
    await visitor.visit('/organisation');
    await visitor.see('every office of the policy is held and on record');
    await visitor.visit('/organisation/office/DMH/cso');
    await visitor.fill({ 'On which day': '2020-01-01' });
    await visitor.submit('Ask');
    await visitor.see('nobody was designated to this office');
    await visitor.visit('/organisation/notices');
    await visitor.page.getByText('Take down a notice…').click();
    await visitor.submit('Put it on record', { status: 422 });
    await visitor.see('Write the day of the notice');
    await visitor.fill({ 'Day of the notice': '2026-01-05', 'What it says': 'Elevated: phishing against state mail' });
    await visitor.submit('Put it on record');
    await visitor.see('Elevated: phishing against state mail');
    await visitor.visit('/organisation/people');
    await visitor.follow('Riverbend Center');
    // The list is open only while nobody is on it.
    if (!(await visitor.page.getByLabel('People', { exact: true }).isVisible())) {
      await visitor.page.getByText('Add people…').click();
    }
    await visitor.fill({ People: 'Lee Park, state-employee\nMax Roe, volunteer' });
    await visitor.submit('Add them');
    await visitor.see('Lee Park');
    await visitor.visit('/organisation/units/RVB');
    await visitor.visit('/r/RVB/guide');
    await visitor.heading('What to report');
    await visitor.visit('/es/r/RVB/guide');
    await visitor.heading('Qué debe informar');
  }),
  story('the chief declares a readiness level and writes its report', { widths: [360], script: ['off'] }, async (visitor) => {
    await visitor.signIn('Chief security officer', 'DMHA');
    await visitor.visit('/readiness');
    await visitor.see('since unknown');
    await visitor.page.getByText('Declare a level…').click();
    await visitor.submit('Declare', { status: 422 });
    await visitor.see('say that it is unchanged, or what changed');
    for (const factor of ['operational', 'technical', 'intelligence']) {
      const value = factor === 'technical' ? 'changed' : 'unchanged';
      await visitor.page.locator(`input[name="factor.${factor}"][value="${value}"]`).check();
    }
    const words = { 'factor.technical.words': 'Probes doubled', reason: 'Probes doubled', 'weighed.risk': 'Mail may fail' };
    for (const [name, said] of Object.entries({ ...words, 'weighed.mission': 'Clinics work by day' })) {
      await visitor.page.locator(`textarea[name="${name}"]`).fill(said);
    }
    await visitor.page.locator('input[name="weighed.adversary.unknown"]').check();
    await visitor.page.locator('select[name="level"]').selectOption('4');
    await visitor.submit('Declare');
    await visitor.see('4 Limited attack');
    await visitor.follow('Report the change to 4 Limited attack');
    await visitor.submit('Send the report', { status: 422 });
    await visitor.see('Systems affected: fill this in.');
    await visitor.visit('/readiness/plans');
    await visitor.follow('Willow Creek Center');
    await visitor.visit('/home');
    await visitor.see('Report the change to 4 Limited attack');
  }),
  story('an administrator keeps the rules of the agency', { widths: [360, 1280], script: ['off'] }, async (visitor) => {
    await visitor.signIn('Administrator', 'DTS');
    await visitor.visit('/organisation/rules');
    await visitor.see('The policy binds every unit.');
    await visitor.visit('/organisation');
  }),
  story('the help desk has a list of its own', { widths: [360, 1280], script: ['on'] }, async (visitor) => {
    await visitor.signIn('Help desk', 'DMH');
    await visitor.visit('/desk');
    await visitor.see('No report is addressed to your desk.');
  }),
];
