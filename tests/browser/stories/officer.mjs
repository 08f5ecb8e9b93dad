// The officer's main job: from the inbox to an incident, a signed form and its document.

import { story } from '../story.mjs';

const UNIT = 'RVB';

/// Signs in and looks at the first two pages of the day.
async function toTheInbox(visitor, unit = UNIT) {
  await visitor.signIn('Local security officer', unit);
  await visitor.visit('/home');
  await visitor.visit('/inbox');
}

export default [
  story('the officer sees what waits, and every page of theirs stands up to inspection', async (visitor) => {
    await toTheInbox(visitor);
    await visitor.heading('Inbox');
    await visitor.visit('/me');
    await visitor.visit('/intake');
    await visitor.heading('New call');
    await visitor.visit('/incidents/DMH-1999-0001', { status: 404 });
  }),
  story('the person who called is asked for a signature, and signs by the link', async (visitor) => {
    // Another officer: one person who signs in more than ten times in a while is asked to wait.
    await toTheInbox(visitor, 'OAK');
    await visitor.visit('/intake');
    await visitor.fill({ Caller: 'Pat Sample', Notes: 'A letter with our names lay at the bus stop.', 'Caller has done': 'I took it back.' });
    await visitor.submit('File this call');
    await visitor.visit(`/inbox/${(await visitor.page.locator('.reference').innerText()).trim()}`);
    await visitor.submit('Accept as new incident');
    const incident = new URL(visitor.page.url()).pathname;
    await visitor.visit(`${incident}/form`);
    await visitor.submit('Make a link to hand over', { status: 422 });
    await visitor.see('Fill in box I Instructions.');
    await visitor.page.locator('input[name="I"]').first().setChecked(true);
    await visitor.page.locator('input[name="II"]').first().setChecked(true);
    await visitor.page.locator('[id="III"]').fill('yesterday');
    for (const box of ['IV', 'VI', 'IX', 'X-LOCATION']) {
      const field = visitor.page.locator(`[id="${box}"]`);
      if ((await field.inputValue()) === '') await field.fill('Said on the phone');
    }
    await visitor.submit('Save draft');
    await visitor.submit('Make a link to hand over');
    await visitor.heading('Link for a signature');
    const link = (await visitor.page.locator('main .private-link').innerText()).trim();
    await visitor.follow('Back to the form');
    await visitor.see('was asked by a link to hand over');
    await visitor.visit(link);
    await visitor.heading('Read and sign your part');
    await visitor.see('I took it back.');
    await visitor.submit('Sign', { status: 422 });
    await visitor.see('Type your full name to sign.');
    await visitor.fill({ 'Your full name': 'Pat Sample' });
    await visitor.choose('I have read this. To the best of my knowledge it is true and complete.');
    await visitor.submit('Sign');
    await visitor.heading('Your signature is recorded');
    await visitor.visit(`${incident}/form`);
    await visitor.see('Person reporting: Pat Sample');
  }),
  story('a call becomes an incident with duties, clauses and a form that fills itself', async (visitor) => {
    await toTheInbox(visitor);
    await visitor.visit('/intake');
    await visitor.fill({ Caller: 'Sam Sample', Notes: 'Strange window on the ward computer.' });
    await visitor.submit('Pick facts out of the notes');
    await visitor.see('Nothing more was found in the notes.');
    await visitor.fill({ Notes: 'Strange window on the ward computer yesterday at 3pm, room 12. Ring 573-555-0188.' });
    await visitor.submit('Pick facts out of the notes');
    await visitor.see('Found in the notes: tick what is right');
    await visitor.choose('Where there: room 12', 'Call back: 573-555-0188');
    await visitor.submit('Use what I ticked');
    visitor.expect((await visitor.page.getByLabel('Where there', { exact: true }).inputValue()) === 'room 12', 'a tick fills its field');
    await visitor.submit('File this call');
    await visitor.heading('Filed');
    await visitor.see('For the caller: their private page');
    await visitor.fill({ 'Mail it to': 'sam@example.org' });
    await visitor.submit('Mail the link');
    await visitor.see('The link is on its way by mail.');
    const reference = (await visitor.page.locator('.reference').innerText()).trim();
    await visitor.visit(`/inbox/${reference}`);
    await visitor.see('Strange window on the ward computer yesterday', 'Sam Sample', 'room 12');
    await visitor.submit('Accept as new incident');
    await visitor.see('This is an incident now.', 'Why this date?');
    const incident = new URL(visitor.page.url()).pathname;
    await visitor.visit(`${incident}/close`);
    await visitor.see('Missing before it can be closed');
    await visitor.visit(`${incident}/form`);
    await visitor.see('The person who reports', 'Human resources');
    await visitor.submit('Sign receipt and completion', { status: 422 });
    await visitor.see('Write your password once more');
    await visitor.visit(`${incident}/access`);
    await visitor.visit(incident);
    await visitor.fill({
      'Type what happened, or paste a log line or a message': 'fw01 DENY src=203.0.113.9 dst=mail.example.net',
    });
    await visitor.submit('Add');
    await visitor.see('203.0.113.9', 'mail.example.net');
    await visitor.submit('Add to the timeline');
    await visitor.see('Added to the timeline.');
    await visitor.submit('Add to the record', { status: 422 });
    await visitor.see('Choose a file first.');
    const console_ = { name: 'wipe console.csv', mimeType: 'text/csv', buffer: Buffer.from('time,wiped\n9:40,yes\n') };
    await visitor.attach('Add files', [console_]);
    await visitor.submit('Add to the record');
    await visitor.see('Sealed, and on record', 'wipe console.csv');
    await visitor.visit('/home');
  }),
];
