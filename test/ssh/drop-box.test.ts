// However many files an account has, what is kept of them for a client of SFTP is bounded, and so is how often they are read.
import {expect, test, vi} from 'vitest';
import {DropBox} from '../../source/cli/commands/serve/sftp/drop-box.ts';
import type {Connection} from '../../source/client/connection.ts';
import {listingOf} from '../../source/ssh/sftp/listing.ts';

const PAGE = 10;
const time = '2026-01-01T00:00:00.000Z';
const nameOf = (index: number): string => `${String(index).padStart(3, '0')}.csv`;

/** A server with so many files, the oldest first, and as many results, the newest first. */
function serverOf(count: number, readMs = 0) {
	const file = (index: number) => ({
		...{file_id: `f_${index}`, name: nameOf(index), relative_path: null, size: 1, status: 'COMPLETED'},
		...{received_at: time, completed_at: time},
	});
	const result = (index: number) => ({
		...{
			task_execution_id: `r_${index}`,
			file: nameOf(count - 1 - index),
			task_id: '',
			completed_at: time,
			rejected_rows: 0,
		},
	});
	const asked: string[] = [];
	const ask = async (_method: string, path: string) => {
		asked.push(path);
		const {pathname, searchParams} = new URL(path, 'http://server');
		const from = Number(searchParams.get('cursor') ?? 0);
		const indexes = Array.from({length: Math.min(PAGE, count - from)}, (_, index) => from + index);
		// The time that it takes counts, and nobody waits for what happens in it.
		if (readMs > 0) await new Promise(resolve => setTimeout(resolve, readMs));
		const next_cursor = from + PAGE < count ? String(from + PAGE) : null;
		return {body: {files: indexes.map(file), results: indexes.map(result), next_cursor, pathname}};
	};
	const tell = vi.fn<(sentence: string) => void>();
	const {signal} = new AbortController();
	const connection = {ask, close() {}} as unknown as Connection;
	return {asked, tell, open: (maxShown: number) => new DropBox(connection, {role: 'user', signal, tell, maxShown})};
}

const namesIn = async (box: DropBox, folder: string): Promise<readonly string[]> =>
	(await (await box.list([folder])).next(1000)).map(({name}) => name).toSorted();

test('of very many files and results the newest are shown, which is told once', async () => {
	const {open, tell} = serverOf(35);
	const box = open(12);
	const newest = Array.from({length: 12}, (_, index) => nameOf(23 + index));
	expect(await namesIn(box, 'processed')).toEqual(newest);
	expect(await namesIn(box, 'results')).toEqual(newest.map(name => `${name}.json`));
	expect(tell.mock.calls).toEqual([[expect.stringContaining('newest 12 files and results')]]);
});

test('where all are shown nothing is told', async () => {
	const {open, tell} = serverOf(35);
	expect(await namesIn(open(35), 'processed')).toHaveLength(35);
	expect(tell).not.toHaveBeenCalled();
});

test('a list that takes long to read is read seldom, however often it is asked for', async () => {
	const {open, asked} = serverOf(1, 150);
	const box = open(10);
	await Promise.all(Array.from({length: 20}, () => box.stat(['processed', nameOf(0)])));
	for (let time = 0; time < 20; time++) await box.stat(['processed', nameOf(0)]);
	expect(asked).toHaveLength(2);
});

test('a page of a listing has as many as are asked for, until there are none', async () => {
	const entry = {name: 'a', isFolder: false, bytes: 1, changedAt: 0, mayWrite: false};
	const listing = listingOf(new Array(5).fill(entry));
	const sizes: number[] = [];
	for (let page = 0; page < 4; page++) sizes.push((await listing.next(2)).length);
	expect(sizes).toEqual([2, 2, 1, 0]);
});
