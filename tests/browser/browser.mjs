// SPDX-License-Identifier: Apache-2.0
//
// browser.mjs: chromium without a network of its own, and pages that note whatever they should not do.
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
