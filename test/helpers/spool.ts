// A spool of rejected records for one test, and what readers have written to it.
import {closeSync, openSync} from 'node:fs';
import {onTestFinished} from 'vitest';
import {readEntries, readRecords} from '../../source/engine/results/spool-entries.ts';
import type {RejectSpoolSettings, SpooledRejects} from '../../source/engine/shared/spooled-rejects.ts';
import {flushRejectSpools} from '../../source/engine/worker/read/reject-spool.ts';
import {createTemporaryFolder} from './temporary-folder.ts';

export function createSpool(maxRecords = 1_000_000): RejectSpoolSettings {
	const descriptor = openSync(createTemporaryFolder().at('spool'), 'wx+');
	onTestFinished(() => closeSync(descriptor));
	return {id: crypto.randomUUID(), descriptor, state: new SharedArrayBuffer(16), maxRecords};
}

export interface ReadEntry {
	readonly line: number;
	readonly byteOffset: number;
	readonly reason: string;
	readonly column: number;
	readonly fieldCount: number;
	readonly analysis: number;
	readonly record: string;
	readonly said: string;
}

export function entriesOf({descriptor}: RejectSpoolSettings, spooled: SpooledRejects | undefined): ReadEntry[] {
	flushRejectSpools();
	const all: ReadEntry[] = [];
	for (const part of spooled?.parts ?? [])
		for (const bytes of readRecords(descriptor, part))
			for (const {record, said, ...entry} of readEntries(bytes, 0, bytes.length, part.lineShift))
				all.push({...entry, record: record.toString('latin1'), said: said.toString()});
	return all;
}
