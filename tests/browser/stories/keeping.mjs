// Deciding together and keeping: a question that three offices answer, a playbook fitted to an incident, a legal matter
// that holds a record, and what an administrator sees of it.

import { story } from '../story.mjs';

export default [
  story('offices decide together, and a record is held while a matter is open', async (visitor) => {
    await visitor.signIn('Chief security officer', 'MODOT');
    await visitor.visit('/intake');
    await visitor.fill({ Caller: 'Pat Sample', Notes: 'The payroll server sent files to an address abroad.' });
    await visitor.submit('File this call');
    await visitor.visit(`/inbox/${(await visitor.page.locator('.reference').innerText()).trim()}`);
    await visitor.submit('Accept as new incident');
    const incident = new URL(visitor.page.url()).pathname;
    const record = incident.replace('/incidents/', '/records/');

    await visitor.visit('/playbooks');
    await visitor.heading('Playbooks');
    await visitor.visit(incident);
    await visitor.submit('Start “Preserve evidence” (4 steps)');
    await visitor.see('Its steps are tasks of this incident now');

    const question = `${incident}/decisions/scope`;
    await visitor.visit(question);
    await visitor.heading('What are scope and nature of the breach?');
    await visitor.submit('Put it to the vote', { status: 422 });
    await visitor.see('Write what the offices are asked to agree to.');
    await visitor.fill({ Statement: 'One payroll server; names and account numbers of staff.' });
    await visitor.submit('Put it to the vote');
    await visitor.submit('Vote', { status: 422 });
    await visitor.choose('Agreed as stated');
    await visitor.fill({ Why: 'As the logs show.' });
    await visitor.submit('Vote');
    await visitor.see('Your vote is on record.');

    await visitor.visit(record);
    await visitor.heading('Keeping this record');
    await visitor.page.getByText('A legal matter arose…').click();
    await visitor.submit('Put it on record', { status: 422 });
    await visitor.fill({ 'What it is about': 'Claim of an employee', 'Who looks after it': 'Counsel' });
    await visitor.submit('Put it on record');
    await visitor.see('Nothing of this incident is disposed of while it is open.');
    for (const show of ['due', 'held', 'all', 'disposed']) await visitor.visit(`/records?show=${show}`);

    await visitor.page.context().clearCookies();
    await visitor.signIn('Chief counsel', 'MODOT');
    await visitor.visit('/home');
    await visitor.see('Decisions waiting for my concurrence');
    await visitor.visit(question);
    await visitor.see('Has not voted');
    await visitor.visit(record);

    await visitor.page.context().clearCookies();
    await visitor.signIn('Administrator', 'MODOT');
    await visitor.visit('/records/holds');
    await visitor.see('Open legal matter');
  }),
];
