// Passkeys, in the one browser of these stories that has an authenticator; and what the page says to the others.

import { story } from '../story.mjs';

const PASSWORD = 'four unrelated words here';

/// Somebody new, so that no other story meets an account that asks for more than its password.
async function admitted(visitor) {
  const login = `passkey.${visitor.way.width}@example.gov`;
  await visitor.signIn('Administrator', 'DMH');
  await visitor.visit('/admin/people');
  await visitor.fill({ Name: `Passkey Person ${visitor.way.width}`, 'E-mail address': login });
  await visitor.submit('Add, and make a link');
  const link = new URL((await visitor.page.locator('#link').innerText()).trim()).pathname;
  await visitor.page.context().clearCookies();
  await visitor.visit(link);
  await visitor.page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await visitor.submit('Choose this password');
  return login;
}

export default [
  story('somebody makes a passkey, signs in with it, and proves with it', { host: 'localhost', script: ['on'] }, async (visitor) => {
    const login = await admitted(visitor);
    const wire = await visitor.context.newCDPSession(visitor.page);
    await wire.send('WebAuthn.enable');
    await wire.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await visitor.fill({ 'E-mail address': login, Password: PASSWORD });
    await visitor.submit('Sign in');
    await visitor.visit('/me/factors');
    await visitor.submit('Make a passkey');
    await visitor.page.getByLabel('What to call it').fill('work laptop');
    await visitor.submit('Make a passkey');
    await visitor.heading('Keep these ten codes');
    await visitor.follow('I have kept them');
    await visitor.see('work laptop', '10 are left.');

    await visitor.page.context().clearCookies();
    await visitor.visit('/sign-in');
    await visitor.miss('Passkeys need a current browser with scripts.');
    await visitor.submit('Sign in with a passkey');
    await visitor.visit('/me/factors');
    await visitor.see('work laptop');

    // A password leads no further than to the passkey; and what changes how one signs in is asked again.
    await visitor.page.context().clearCookies();
    await visitor.visit('/sign-in');
    await visitor.fill({ 'E-mail address': login, Password: PASSWORD });
    await visitor.submit('Sign in');
    await visitor.heading('One more step');
    await visitor.submit('Use my passkey');
    await visitor.visit('/me/factors');
    await visitor.page.getByRole('button', { name: /^Take away/ }).click();
    await visitor.page.waitForURL(/remove$/);
    await visitor.look('the question');
    await visitor.submit('Use my passkey');
    await visitor.see('Taken away.');
  }),
  story('a browser without passkeys is told what to use', { host: 'localhost', script: ['off'] }, async (visitor) => {
    await visitor.visit('/sign-in');
    await visitor.see('Passkeys need a current browser with scripts.');
    await visitor.miss('Sign in with a passkey');
  }),
];
