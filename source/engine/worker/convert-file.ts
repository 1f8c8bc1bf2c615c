// A thread reads a file, and sends its records over a port as they stand in the output.
import type {Kernel} from '../../kernel/kernel.ts';
import {toErrorReport} from '../shared/errors.ts';
import {withFormsFor} from '../shared/forced-dialect.ts';
import {changedWhileReading} from '../shared/regular-file.ts';
import {AbortedError} from '../shared/shared-progress.ts';
import {canReadAgain, fileNameOf} from '../shared/source-location.ts';
import type {ConvertRequest, TableReply} from '../shared/table-protocol.ts';
import type {ReadingThread} from './process-source.ts';
import {readTable} from './read-table.ts';
import type {TableSink} from './table/fold-into-table.ts';
import type {Normalised} from './table/normalise.ts';
import {loadEncoder, type RecordEncoder} from './table/record-encoder.ts';
import {TablePort} from './table/table-port.ts';
import {CellMisfit, KindFinder} from './table/typed-cells.ts';

/** @returns What became of the file, when all of it was sent. */
export async function convertFile(request: ConvertRequest, kernel: Kernel, thread: ReadingThread): Promise<TableReply> {
	const port = new TablePort(request.port);
	const {source: location, settings, known, work} = request;
	if ((work.normalises || work.as === 'kinds') && !canReadAgain(location)) return onlyOnce;
	const read = (sink: TableSink) => readTable({location, settings, sink, known}, kernel, thread);
	try {
		const normalised = work.normalises ? await findForms(request, port, read) : null;
		if (normalised !== null && 'type' in normalised) return normalised;
		const reply = await sendRecords(request, port, read, normalised);
		return reply.type === 'completed' ? {...reply, undecided: normalised?.undecided ?? []} : reply;
	} catch (error) {
		if (error instanceof AbortedError) return {type: 'aborted'};
		if (error instanceof CellMisfit)
			return {
				type: 'failed',
				error: toErrorReport(changedWhileReading('its cells are others than before')),
				bytesRead: 0,
			};
		throw error;
	}
}

const onlyOnce: TableReply = {
	type: 'failed',
	error: {
		code: 'NOT_CONVERTED',
		message: 'Expected a file, because it is read twice; found one within a stream. Save the stream as a file first',
		line: null,
		byte_offset: null,
	},
	bytesRead: 0,
};

type ReadInto = (sink: TableSink) => Promise<TableReply>;

/** The form of numbers and dates is one decision for each column, of all of its cells, so it is made in front of writing any. */
async function findForms(
	{settings, source}: ConvertRequest,
	port: TablePort,
	read: ReadInto,
): Promise<Normalised | TableReply> {
	const {forms} = withFormsFor(settings, fileNameOf(source));
	const {FormFinder} = await import('./table/normalise.ts');
	let finder = new FormFinder([]);
	const reply = await read({
		async onHeader(names, areOfFile) {
			const columns = await port.columnsFor(names, areOfFile);
			finder = new FormFinder(columns.names, forms?.forced);
			return columns.places;
		},
		onRecords: async bytes => finder.add(bytes),
	});
	return reply.type === 'completed' ? finder.finish() : reply;
}

async function sendRecords(
	{work}: ConvertRequest,
	port: TablePort,
	read: ReadInto,
	normalised: Normalised | null,
): Promise<TableReply> {
	let encoder: RecordEncoder | undefined;
	let finder: KindFinder | undefined;
	const reply = await read({
		async onHeader(names, areOfFile) {
			const columns = await port.columnsFor(names, areOfFile);
			if (work.as === 'kinds') finder = new KindFinder(columns.names);
			else encoder = await loadEncoder(work.as, work, columns.names);
			return columns.places;
		},
		async onRecords(bytes) {
			const records = normalised?.normalise(bytes) ?? bytes;
			finder?.add(records);
			const piece = encoder?.add(records) ?? null;
			if (piece !== null) await port.send(piece);
		},
	});
	const last = reply.type === 'completed' ? (encoder?.end() ?? null) : null;
	if (last !== null) await port.send(last);
	return reply.type === 'completed' && finder !== undefined ? {...reply, shown: finder.shown} : reply;
}
