// The ledger of a watched folder as it would be after a power cut, at each moment at which it was flushed: put together from what was written.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TracedCall} from './watch-trace.ts';
import {type LedgerRows, readLedgerRows} from './watched-ledger.ts';

export interface DurableLedger {
	/** Where the first of what has become durable was written. */
	readonly writtenFrom: number;
	/** From this place on it is on the disk. */
	readonly durableAt: number;
	readonly rows: LedgerRows;
}

const DATABASE = '.state/ledger.db';
const LOG = '.state/ledger.db-wal';

/** @param from - Earlier ones are not looked at, but for the last of them. */
export function durableLedgers(calls: readonly TracedCall[], from: number): DurableLedger[] {
	const files = new Map([DATABASE, LOG].map(path => [path, Buffer.alloc(0)]));
	const writes = calls.filter(({name, path}) => name === 'pwrite64' && files.has(path));
	const flushes = calls.filter(({name, path}) => (name === 'fsync' || name === 'fdatasync') && path === LOG);
	const first = flushes.findLastIndex(({ends}) => ends < from);
	let done = 0;
	return flushes.flatMap((flush, index) => {
		const written = writes.slice(done).filter(({ends}) => ends < flush.begins);
		done += written.length;
		for (const {path, data, offset} of written) {
			const before = files.get(path) ?? Buffer.alloc(0);
			const after = Buffer.alloc(Math.max(before.length, offset + data.length));
			before.copy(after);
			data.copy(after, offset);
			files.set(path, after);
		}
		if (index < first || written.length === 0) return [];
		const rows = readRowsOf(files);
		return rows === null ? [] : [{writtenFrom: written[0]?.begins ?? 0, durableAt: flush.ends, rows}];
	});
}

/** @returns `null` where it has no tables: those have never been flushed. */
function readRowsOf(files: ReadonlyMap<string, Buffer>): LedgerRows | null {
	const root = mkdtempSync(join(tmpdir(), 'fileproc-durable-'));
	try {
		mkdirSync(join(root, '.state'));
		for (const [path, bytes] of files) writeFileSync(join(root, path), bytes);
		return readLedgerRows(root);
	} catch (error) {
		if (error instanceof Error && error.message === 'no such table: claims') return null;
		throw error;
	} finally {
		rmSync(root, {recursive: true, force: true});
	}
}
