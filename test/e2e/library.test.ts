// The published library: the package's `exports`, with its own threads and figures.
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import type * as Library from '../../source/index.ts';

test('the built library finds its threads, its kernel and its version', async () => {
	const {exports, dependencies} = JSON.parse(readFileSync('package.json', 'utf8'));
	// It contains all it needs.
	expect(dependencies).toBeUndefined();
	const {processBatch}: typeof Library = await import(new URL(`../../${exports['.'].default}`, import.meta.url).href);
	const versions: string[] = [];
	const report = await processBatch(['fixtures/transactions'], {
		threads: 2,
		onEvent(event) {
			if (event.type === 'run-started') versions.push(event.version);
		},
	});
	expect(report.totals).toMatchObject({failed: 0, completed: report.files.length});
	expect(report.analyses.transactions?.total_transactions).toBeGreaterThan(0);
	expect(versions).toEqual([JSON.parse(readFileSync('package.json', 'utf8')).version]);
});
