// SPDX-License-Identifier: Apache-2.0
//
// compare.mjs CHROMIUM PAGE: tests of the HTML report's comparison of two models, made from the articles of articles.mjs. Prints each test's name; status 1
// when one fails.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open, runTests } from './browser.mjs';

const [chromium, file] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const section = (page) => page.locator('#compare');

const tests = {
	async 'the contents lead to it, and it says what may be concluded'(page) {
		await page.locator('.contents a[href="#compare"]').click();
		assert.match(await section(page).locator('h2').textContent(), /A compared with B/);
		assert.match(await section(page).textContent(), /algorithm \(A \S+, B nb\)/);
		assert.ok(await section(page).locator('ul li').count() > 5);
	},

	async 'differences have both values, an interval and a drawing'(page) {
		const row = section(page).locator('table').first().locator('tbody tr').first(), cells = await row.locator('td').allTextContents();
		assert.equal(cells.length, 3);
		const [a, b, difference] = cells.map((text) => Number(text.replace('\u2212', '-').split(' ')[0]));
		assert.ok(Math.abs(b - a - difference) < 0.0021, cells.join(', '));
		assert.match(cells[2], / to /);
		assert.equal(await row.locator('svg.whisker').count(), 1);
	},

	async 'labels sort by difference and by p'(page) {
		const table = section(page).locator('table.sortable').first(), heads = table.locator('thead th');
		for (const name of ['F1', 'p (Holm)']) {
			const column = (await heads.allTextContents()).findIndex((text) => text.trim() === name);
			await heads.nth(column).locator('button').click();
			const keys = await table.locator(`tbody tr td:nth-child(${column + 1})`).evaluateAll((all) => all.map((td) => Number(td.dataset.sort.replace('\u2212', '-'))));
			assert.deepEqual(keys, [...keys].sort((x, y) => y - x), name);
		}
	},

	async 'what articles and labels say is text and runs nothing'(page) {
		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.equal(await page.evaluate(() => document.querySelectorAll('img, iframe, object, embed, link, [onerror], [onload], [onfocus]').length), 0);
		assert.match(await section(page).locator('table.sortable').first().textContent(), /<img src=x onerror=window\.hacked=1>/);
	},

	async 'articles on which they part: at most 50 of a task, each with gold, A and B'(page) {
		const lists = section(page).locator('details');
		assert.ok(await lists.count() > 0);
		for (let i = 0; i < await lists.count(); i++) {
			const list = lists.nth(i);
			await list.locator('summary').focus();
			await page.keyboard.press('Enter');
			const n = await list.locator('li').count();
			const [first, all] = (await list.locator('summary').textContent()).replace(/,/g, '').match(/\d+/g).map(Number);
			assert.ok(n <= 50 && n === first && (all === undefined || all > 50));
			assert.match(await list.locator('li .verdict').first().textContent(), /(only A right|only B right|both wrong, differently) Gold .*; A .*; B /);
		}
	},

	async 'fits 390 pixels, prints in light'(page) {
		await page.setViewportSize({ width: 390, height: 844 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
		assert.ok(await section(page).isVisible());
	},

	async 'is all there without scripts'(page, browser) {
		const plain = await open(browser, file, { javaScriptEnabled: false });
		assert.ok(await section(plain).locator('table').count() > 3);
		assert.ok(await section(plain).locator('details li').count() > 0);
		await plain.context().close();
	},

	async 'axe finds nothing'(page, browser) {
		for (const colorScheme of ['light', 'dark'])
			for (const width of [1280, 390]) {
				const other = await open(browser, file, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
				await other.evaluate(() => { for (const details of document.querySelectorAll('#compare details')) details.open = true; });
				await other.evaluate(axe);
				const result = await other.evaluate(() => axe.run('#compare', { resultTypes: ['violations'] }));
				await other.context().close();
				assert.deepEqual(result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 150)).join(' | ')}`), [], `${colorScheme}, ${width}`);
			}
	},
};

await runTests(tests, chromium, file);
