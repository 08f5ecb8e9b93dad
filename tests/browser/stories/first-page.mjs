// The first page that somebody in trouble opens: light, without a trace, and readable on any telephone.

import { story } from '../story.mjs';

/// What an old telephone on a slow network can fetch while somebody waits.
const FIRST_PAGE_BYTES = 60 * 1024;

export default [
  story('the first page is light and remembers nothing', async (visitor) => {
    await visitor.visit('/');
    await visitor.noCookies();
    const { bytes } = await visitor.weigh('/');
    visitor.expect(bytes <= FIRST_PAGE_BYTES, `the first page weighs ${bytes} bytes, more than ${FIRST_PAGE_BYTES}`);
  }),
  story('a page that does not exist says so kindly', async (visitor) => {
    await visitor.visit('/there-is-no-such-page', { status: 404 });
    await visitor.noCookies();
  }),
];
