// The records of a table, by the names of its columns. The kernel reads them where it can; what it accepts, csv-parse accepts as well.
import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {ProcessedRecord} from '../../../engine/shared/define-processor.ts';
import type {FoldedFile} from '../../../engine/shared/protocol.ts';
import {AbortedError} from '../../../engine/shared/shared-progress.ts';
import {readTable} from '../../../engine/worker/read-table.ts';
import {cellsOf} from '../../../engine/worker/table/canonical-records.ts';
import {differentNames} from '../../../input/join-names.ts';
import {kernelOfProcess} from '../../../kernel/kernel-of-process.ts';
import type {Give} from './pieces.ts';
import {FileFault, locationOf, quietThread, type ReadSource} from './read-source.ts';

export interface RecordTaker {
	/** Called before any record, unless the file has none at all. @param names - As written, or made up. */
	readonly onHeader: (names: readonly string[]) => void;
	/** @param records - The cells of some, in their order; none of them is malformed. */
	readonly onRecords: Give<readonly (readonly string[])[]>;
}

/** Reads records by names of columns that are different ones. @param known - The encoding of all of the file. @throws {FileFault} */
export function readNamedRecords(
	source: ReadSource,
	known: TextEncoding,
	give: Give<readonly ProcessedRecord[]>,
): Promise<FoldedFile> {
	let names: readonly string[] = [];
	return readRecords(source, known, {
		onHeader(header) {
			names = differentNames(header);
		},
		onRecords: records => give(records.map(cells => recordOf(names, cells))),
	});
}

/** @param known - The encoding of all of the file. @throws {FileFault} */
export async function readRecords(source: ReadSource, known: TextEncoding, taker: RecordTaker): Promise<FoldedFile> {
	const kernel = kernelOfProcess();
	if (kernel === null) {
		const {readPlacedRecords} = await import('./read-placed-records.ts');
		return readPlacedRecords(source, known, {
			onHeader: taker.onHeader,
			async onRecords(records) {
				const rejects = records.flatMap(({malformed}) => malformed ?? []);
				const sound = records.filter(({malformed}) => malformed === null);
				if (sound.length > 0) await taker.onRecords(sound.map(({cells}) => cells));
				return rejects;
			},
		});
	}
	const sink = {
		async onHeader(header: readonly string[]) {
			taker.onHeader(header);
			return null;
		},
		onRecords: (bytes: Uint8Array) => taker.onRecords(cellsOf(bytes)),
	};
	const settings = {...source.settings, where: undefined};
	const reply = await readTable({location: locationOf(source), settings, sink, known}, kernel, quietThread);
	switch (reply.type) {
		case 'completed':
			return {...reply, folded: []};
		case 'failed':
			throw new FileFault(reply.error);
		case 'aborted':
			throw new AbortedError();
		default:
			throw new Error(`Expected the records of a file of which the encoding is known, but found: ${reply.type}`);
	}
}

/** Any text may be the name of a column, `__proto__` too. */
function recordOf(names: readonly string[], cells: readonly string[]): ProcessedRecord {
	const record = Object.create(null) as Record<string, string>;
	for (const [index, name] of names.entries()) record[name] = cells[index] ?? '';
	return record;
}
