// SPDX-License-Identifier: Apache-2.0
//
// picture.mjs CHROMIUM PAGE PICTURE.png [WIDTH [light|dark [SELECTOR]]]: the page's first screen, or one part of it, as README shows it.
import { launch, open } from './browser.mjs';

const [chromium, file, picture, width = '1280', colorScheme = 'light', selector] = process.argv.slice(2);
const browser = await launch(chromium);
const page = await open(browser, file, { viewport: { width: Number(width), height: 800 }, colorScheme });
await (selector ? page.locator(selector).first() : page).screenshot({ path: picture });
await browser.close();
