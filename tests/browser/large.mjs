// SPDX-License-Identifier: Apache-2.0
//
// large.mjs CHROMIUM PAGE: the page is under 5 MB and can be used within 2 seconds.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { launch, open } from './browser.mjs';

const [chromium, file] = process.argv.slice(2);
const bytes = statSync(file).size;
const browser = await launch(chromium);
try {
	await (await open(browser, file)).context().close();
	const page = await open(browser, file);
	const ready = await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd);
	const start = Date.now();
	await page.locator('#t0 .confusion .wrong button').first().click();
	await page.locator('#t0 .panel li').first().waitFor();
	console.log(`${bytes} bytes, scripts done after ${Math.round(ready)} ms, list of a count after ${Date.now() - start} ms more`);
	assert.ok(bytes < 5e6, 'under 5 MB');
	assert.ok(ready < 2000, 'usable within 2 s');
	assert.deepEqual(page.complaints, []);
} finally {
	await browser.close();
}
