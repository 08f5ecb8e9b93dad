// Somebody without an account reports: in a hurry, with care, and in Spanish. Nothing is remembered in the browser.

import { execFileSync } from 'node:child_process';
import { story } from '../story.mjs';

/// The text of a PDF, as another program reads it.
const words = (pdf) => execFileSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8' }).replaceAll(/\s+/g, ' ');

const PHOTO = { name: 'parking lot.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex') };

export default [
  story('a virus that is still going on is sent at once', async (visitor) => {
    await visitor.visit('/r/RVB');
    await visitor.see('You don’t have to be sure');
    await visitor.submit('Start');
    await visitor.heading('What happened?');
    await visitor.submit('Continue', { status: 422 });
    await visitor.see('Choose what happened');
    await visitor.choose('A virus, a ransom note or an odd computer');
    await visitor.submit('Continue');
    await visitor.submit('Yes');
    await visitor.heading('Do this now');
    await visitor.see('Leave the computer on.');
    await visitor.submit('Send now, add the rest later');
    await visitor.fill({ 'Phone number where we can reach you now': '573-555-0188' });
    await visitor.submit('Send report');
    await visitor.heading('We have your report');
    await visitor.follow('Open my status page');
    await visitor.see('Your report is safe with us.');
    await visitor.fill({ 'Write to us or add something': 'It is on a second computer now.' });
    await visitor.submit('Send');
    await visitor.see('It is on a second computer now.');
    await visitor.noCookies();
  }),
  story('a stolen laptop is reported with a photo and a changed answer', async (visitor) => {
    await visitor.visit('/r/RVB');
    await visitor.submit('Start');
    await visitor.choose('Something was lost or stolen');
    await visitor.submit('Continue');
    await visitor.submit('No');
    await visitor.see('Stay safe.');
    await visitor.submit('Continue');
    await visitor.heading('Where did it happen?');
    await visitor.fill({ 'Building, room or website': 'Store parking lot, Fulton' });
    await visitor.submit('Continue');
    await visitor.heading('Tell us in your own words');
    await visitor.fill({ 'Tell us in your own words': 'My laptop was taken from my car while I shopped.' });
    await visitor.attach('Choose photos or files', [PHOTO]);
    await visitor.submit('Add these files');
    await visitor.see('parking lot.jpg', 'Received and sealed');
    await visitor.submit('Continue');
    await visitor.choose('On another day');
    await visitor.fill({ Month: '12', Day: '31', Year: '2099' });
    await visitor.submit('Continue', { status: 422 });
    await visitor.see('The date can’t be in the future.');
    await visitor.choose('Yesterday');
    await visitor.fill({ Month: '', Day: '', Year: '', 'About what time?': '3 p.m.' });
    await visitor.submit('Continue');
    await visitor.choose('Laptop, tablet or phone');
    await visitor.submit('Continue');
    await visitor.heading('What was lost or stolen?');
    await visitor.choose('Laptop', 'Stolen', 'Names or addresses');
    await visitor.fill({ 'Tag or serial number, if you know it': 'DMH-44721' });
    await visitor.submit('Continue');
    await visitor.heading('What has been done so far?');
    await visitor.fill({ 'What you did': 'I changed my password.' });
    await visitor.submit('Continue');
    await visitor.fill({ 'Your name': 'Sam Example' });
    await visitor.submit('Continue', { status: 422 });
    await visitor.see('Give us one way to reach you');
    await visitor.fill({ 'E-mail': 'sam@example.org' });
    await visitor.submit('Continue');
    await visitor.heading('Check and send');
    await visitor.see('Store parking lot, Fulton', 'DMH-44721', '1 file');
    await visitor.lead(visitor.page.locator('a[href$="/where?to=check"]'), 'change the place');
    await visitor.fill({ 'Building, room or website': 'Second parking lot, Fulton' });
    await visitor.submit('Save and go back to your answers');
    await visitor.heading('Check and send');
    await visitor.see('Second parking lot, Fulton');
    await visitor.submit('Send report');
    await visitor.heading('We have your report');
    await visitor.follow('Open my status page');
    await visitor.see('parking lot.jpg');
    await visitor.miss('Sam Example');
    await visitor.noCookies();
  }),
  story('a report is written in Spanish after a switch that keeps the answers', async (visitor) => {
    await visitor.visit('/r/DHSS');
    await visitor.submit('Start');
    await visitor.choose('A password or code got out');
    await visitor.submit('Español');
    await visitor.heading('¿Qué pasó?');
    await visitor.submit('Continuar');
    await visitor.submit('No estoy seguro');
    await visitor.submit('Continuar');
    await visitor.fill({ 'Edificio, sala o sitio web': 'Sala 2' });
    await visitor.submit('Continuar');
    await visitor.fill({ 'Cuéntenos con sus propias palabras': 'Le di mi contraseña a alguien por teléfono.' });
    await visitor.submit('Guardar para más tarde');
    await visitor.see('Nadie lo ha visto todavía');
    await visitor.follow('Continuar ahora');
    await visitor.heading('¿Qué salió mal?');
    await visitor.choose('No estoy seguro');
    await visitor.submit('Continuar');
    await visitor.heading('¿A qué le pasó?');
    await visitor.choose('Datos, archivos o papeles');
    await visitor.submit('Continuar');
    await visitor.heading('¿De qué cuenta se trata?');
    await visitor.fill({ '¿De qué cuenta se trata?': 'aejemplo' });
    await visitor.submit('Continuar');
    await visitor.heading('¿Cuándo pasó?');
    await visitor.choose('Ahora mismo');
    await visitor.submit('Continuar');
    await visitor.submit('Continuar');
    await visitor.heading('¿Puede nombrar lo que tuvo que ver con esto?');
    await visitor.submit('Continuar');
    await visitor.heading('¿Podría extenderse a otras dependencias o a sus sistemas?');
    await visitor.submit('No');
    await visitor.submit('Continuar');
    await visitor.fill({ 'Su nombre': 'Ana Ejemplo', 'Teléfono': '573-555-0188' });
    await visitor.submit('Continuar');
    await visitor.see('Le di mi contraseña a alguien por teléfono.');
    await visitor.submit('Enviar el informe');
    await visitor.see('Recibimos su informe');
    await visitor.noCookies();
  }),
  story('the papers of a unit are taken along, and a private link is ended', async (visitor) => {
    await visitor.visit('/r/RVB/poster');
    visitor.expect(words(await visitor.take('Save PDF')).includes('Riverbend Center'), 'the poster names its unit');
    await visitor.visit('/es/r/RVB/form');
    visitor.expect(words(await visitor.take('Guardar en PDF')).includes('¿Qué pasó?'), 'the Spanish form asks in Spanish');
    await visitor.visit('/outage-kit');
    const form = words(await visitor.take(/Report of Security Incident, .*2016.* edition.*Riverbend Center/));
    visitor.expect(form.includes('Riverbend Center'), 'the blank form names its facility');
    await visitor.visit('/r/RVB');
    await visitor.submit('Start');
    await visitor.choose("Something else, or I'm not sure");
    await visitor.submit('Continue');
    await visitor.submit('Not sure');
    await visitor.submit('Continue');
    await visitor.submit('Continue');
    await visitor.fill({ 'Tell us in your own words': 'A letter #read("x") with $ signs came.' });
    await visitor.submit('Continue');
    await visitor.submit('Send now, add the rest later');
    await visitor.fill({ 'Phone number where we can reach you now': '573-555-0188' });
    await visitor.submit('Send report');
    const receipt = words(await visitor.take('Save PDF'));
    const reference = await visitor.page.locator('.reference [aria-hidden]').innerText();
    visitor.expect(receipt.includes(reference) && receipt.includes('#read("x") with $ signs'), 'the receipt says what was said');
    await visitor.follow('Open my status page');
    const link = visitor.page.url();
    await visitor.follow('End this private link');
    await visitor.follow('Keep the link');
    await visitor.see('Your report is safe with us.');
    await visitor.follow('End this private link');
    await visitor.submit('End this link');
    await visitor.heading('Your private link has ended');
    await visitor.visit(link, { status: 410 });
    await visitor.noCookies();
  }),
  story('the other public doors open', async (visitor) => {
    for (const path of ['/', '/report/DMH', '/r/MODOT', '/r/MODOT/phone', '/r/RVB/poster', '/r/RVB/form', '/resume', '/status', '/accessibility', '/outage-kit', '/es']) {
      await visitor.visit(path);
    }
    await visitor.visit('/r/NOPE', { status: 404 });
    await visitor.fill({ 'Code from the poster or sticker': 'rvb' });
    await visitor.submit('Try this code');
    await visitor.see('Riverbend Center');
    await visitor.visit('/status');
    await visitor.fill({ Reference: 'R-7KQ4-M2XX', Code: 'maple-river-stone-4821' });
    await visitor.submit('Show my report', { status: 422 });
    await visitor.noCookies();
  }),
];
