// The officer's main job: from the inbox to an incident, a signed form and its document.

import { story } from '../story.mjs';

const UNIT = 'RVB';

/// Signs in and looks at the first two pages of the day.
async function toTheInbox(visitor) {
  await visitor.signIn('Local security officer', UNIT);
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
  story('a call becomes an incident with duties, clauses and a form that fills itself', async (visitor) => {
    await toTheInbox(visitor);
    await visitor.visit('/intake');
    await visitor.fill({ Caller: 'Sam Sample', Notes: 'Strange window on the ward computer.' });
    await visitor.submit('File this call');
    await visitor.heading('Filed');
    const reference = (await visitor.page.locator('.reference').innerText()).trim();
    await visitor.visit(`/inbox/${reference}`);
    await visitor.see('Strange window on the ward computer.', 'Sam Sample');
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
