// The administrator's rooms: somebody new gets in by a link, holds a role, and every change is on record.

import { story } from '../story.mjs';
import { textOf } from '../text_of_policy.mjs';

export default [
  story('an administrator lets somebody in, and every room of theirs stands up to inspection', async (visitor) => {
    await visitor.signIn('Administrator', 'DMH');
    await visitor.visit('/home');
    await visitor.see('You see no report and no incident.');
    await visitor.visit('/admin/people');
    const who = `${visitor.way.width}-${visitor.way.script}`;
    await visitor.submit('Add, and make a link', { status: 422 });
    await visitor.see('Write the name as colleagues know it.');
    await visitor.fill({ Name: `New Person ${who}`, 'E-mail address': `new.${who}@example.gov` });
    await visitor.submit('Add, and make a link');
    const link = new URL((await visitor.page.locator('#link').innerText()).trim()).pathname;
    await visitor.follow('Give them a role');
    await visitor.fill({ Role: 'Local security officer', In: 'Oak Grove Hospital' });
    await visitor.submit('Give it');
    await visitor.see('They hold this role. It works at once.');
    for (const room of ['units', 'tokens', 'settings', 'health']) await visitor.visit(`/admin/${room}`);
    await visitor.visit('/admin/settings');
    await visitor.page.getByRole('button', { name: /Send a test message/ }).click();
    await visitor.page.waitForURL(/done=sent/);
    await visitor.look('test message');
    await visitor.see('is on its way');
    await visitor.visit('/admin/journal');
    await visitor.see(`Made a link by which New Person ${who} chooses a password.`);
    await visitor.page.context().clearCookies();
    await visitor.visit(link);
    await visitor.page.getByLabel('New password', { exact: true }).fill('four unrelated words here');
    await visitor.submit('Choose this password');
    await visitor.heading('Sign in');
    await visitor.visit(link, { status: 404 });
  }),
  story('an administrator disables an account only after saying so', { widths: [1280] }, async (visitor) => {
    await visitor.signIn('Administrator', 'DHSS');
    await visitor.visit('/admin/people?words=auditor');
    await visitor.page.locator('tbody a.row-link').first().click();
    await visitor.page.waitForURL(/people\/[0-9a-f-]{36}/);
    await visitor.look('a person');
    await visitor.page.getByText('Disable this account…').click();
    await visitor.submit('Disable', { status: 422 });
    await visitor.see('Tick the box to say that you mean it.');
  }),
  story('administrators hand in a text, see what it would change, and keep local values', async (visitor) => {
    await visitor.signIn('Administrator', 'DMH');
    await visitor.visit('/admin/packs');
    await visitor.submit('Check and propose', { status: 422 });
    await visitor.see('Choose the zip file that holds the text.');
    const who = `${visitor.way.width}-${visitor.way.script}`;
    const [folder, own] = ['us-mo/dmh-2016', `us-mo/dmh-2016-${who}`];
    const change = (text) => text.replace(`id = "${folder}"`, `id = "${own}"`).replaceAll('DMH DOR 8.350 (2016)', 'DMH DOR 8.350 (sample)');
    await visitor.page.getByLabel('Zip file of the text').setInputFiles({ name: 'mistaken.zip', mimeType: 'application/zip', buffer: textOf(folder, (text) => change(text).replace('"DMH16-4.a"', '"DMH16-4.none"')) });
    await visitor.fill({ Why: 'A sample' });
    await visitor.submit('Check and propose', { status: 422 });
    await visitor.see('To mend in the text');
    const changed = textOf(folder, (text) => change(text).replace('default = 20', 'default = 15'));
    await visitor.page.getByLabel('Zip file of the text').setInputFiles({ name: 'changed.zip', mimeType: 'application/zip', buffer: changed });
    await visitor.fill({ Why: 'A sample of a change' });
    await visitor.submit('Check and propose');
    await visitor.see('somebody else decides');
    await visitor.see('Local values: 1 changed');
    await visitor.submit('Take it back');
    await visitor.visit('/admin/local');
    await visitor.visit('/policy');
    await visitor.see('Where it acts');
    await visitor.visit('/admin/journal');
    await visitor.see('Took the proposed text');
  }),
];
