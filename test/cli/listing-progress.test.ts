import {expect, test, vi} from 'vitest';
import {ListingProgress} from '../../source/cli/outputs/listing-progress.ts';
import {PATIENT} from '../helpers/patient.ts';

test('a long list of an archive is told on a terminal, in packed bytes, and removed at its end', async () => {
	let now = 0;
	const written: string[] = [];
	const write = (text: string): number => written.push(text);
	const progress = new ListingProgress({isTTY: true, columns: 200, write}, () => now);
	progress.onArchiveRead('a\u{1b}.tar.gz', 1, 4096);
	progress.clear();
	expect(written).toEqual([]);
	now = 600;
	progress.onArchiveRead('a\u{1b}.tar.gz', 1024, 4096);
	progress.onArchiveRead('a\u{1b}.tar.gz', 1100, 4096);
	await vi.waitFor(() => expect(written).toHaveLength(1), PATIENT);
	expect(written[0]).toMatch(/^\r\u{1b}\[KListing what is in an archive: 25\s?% of .*, a[^\u{1b}]*\.tar\.gz$/u);
	progress.clear();
	expect(written[1]).toBe('\r\u{1b}[K');
	const silent = new ListingProgress({write}, () => now);
	silent.onArchiveRead('a.tar.gz', 1, 2);
	now = 2000;
	silent.onArchiveRead('a.tar.gz', 1, 2);
	silent.clear();
	expect(written).toHaveLength(2);
});
