// SPDX-License-Identifier: Apache-2.0
//
// browser.mjs: chromium without a network of its own, and pages that note whatever they should not do.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { pathToFileURL } from 'node:url';

export const launch = (executablePath) => chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu',
	'--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });

/* Opens the file; page.complaints collects requests beyond the file itself, console messages, errors and dialogs. */
export async function open(browser, file, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
	const page = await context.newPage(), url = pathToFileURL(file).href;
	page.complaints = [];
	page.on('request', (request) => { if (request.url() !== url) page.complaints.push(`request: ${request.url()}`); });
	page.on('console', (message) => page.complaints.push(`console: ${message.text()}`));
	page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
	page.on('dialog', (dialog) => { page.complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	await page.goto(url);
	return page;
}

/* Runs each test on a fresh page, prints its name, and ends the program: status 1 when one failed or a page complained. */
export async function runTests(tests, executablePath, file) {
	let failed = 0;
	const browser = await launch(executablePath);
	for (const [name, test] of Object.entries(tests)) {
		const page = await open(browser, file);
		try {
			await test(page, browser);
			assert.deepEqual(page.complaints, []);
			console.log(`ok      ${name}`);
		} catch (error) {
			failed++;
			console.log(`FAILED  ${name}\n${error.stack}`);
		}
		await page.context().close();
	}
	await browser.close();
	process.exit(failed ? 1 : 0);
}
