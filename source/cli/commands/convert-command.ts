// `fileproc-tui convert <path...> -o <file>`: writes the records that are sound anew, as CSV, JSON lines or Parquet.

import {type FileHandle, open as openFile} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {dirname} from 'node:path';
import pLimit from 'p-limit';
import {readSettingsOf} from '../../engine/batch.ts';
import {TableThreads} from '../../engine/pool/table-threads.ts';
import {AbortedError} from '../../engine/shared/shared-progress.ts';
import {ColumnChoice, HeadingMismatch} from '../../pipeline/convert/column-choice.ts';
import {
	type Converting,
	convertFiles,
	findKinds,
	type Outcome,
	type Output,
} from '../../pipeline/convert/convert-files.ts';
import {NoVectorsError} from '../../pipeline/convert/file-reading.ts';
import {loadFormat} from '../../pipeline/convert/output-format.ts';
import {ReportWriteError} from '../../report/report-write-error.ts';
import {findOldFile, replaceFile} from '../../report/write-report.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {ConvertCommand} from '../arguments/options.ts';
import {assertAllKept} from '../outputs/assert-all-kept.ts';
import {makeOutputFolder} from '../outputs/make-folder.ts';
import {createOutputStream, type OutputStream} from '../outputs/output-stream.ts';
import {startSpool} from '../outputs/rejects/start-spool.ts';
import {assertReplaceable, type ObjectRule, saveObject} from '../outputs/remote-outputs.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {batchSettingsOf, withoutOutputs} from './batch-settings.ts';
import {describeOutcomes, exitCodeOfOutcomes, isLeftOut, rejectingFileOf} from './convert/outcomes.ts';
import {saveStreams} from './convert/save-streams.ts';
import {isStandardOutput, planTargets, type Target, writesFolder} from './convert/targets.ts';
import {exitCodes} from './exit-codes.ts';
import {planRun} from './plan-run.ts';

/** @returns The exit code: as that of a run. */
export async function convertCommand(command: ConvertCommand): Promise<number> {
	// What --map says are names of the output here, not of columns of analyses.
	const settings = {...withoutOutputs(command.settings), analysis: null, map: null, simulateIoMs: 0};
	const {options} = command;
	const planned = await planRun({...command, settings});
	if (planned === null) return exitCodes.nothingMatched;
	const {entries} = planned.files;
	const targets = planTargets(options, planned.files, command.paths, settings);
	const remoteTargets = targets.flatMap(({path}) => (path !== null && isRemotePath(path) ? [path] : []));
	await assertAllKept(remoteTargets.map(path => assertReplaceable(path, objectRule(settings.force))));
	if (writesFolder(options) && remoteTargets.length === 0) {
		await makeOutputFolder(options.output);
		for (const folder of new Set(targets.map(({path}) => dirname(path ?? '')))) await makeOutputFolder(folder);
	}
	const interruption = listenForInterruption();
	const threads = new TableThreads(settings.threads ?? availableParallelism());
	try {
		const spool = await startSpool(settings);
		const stream = createOutputStream(process.stdout, interruption.signal);
		const readSettings = readSettingsOf(batchSettingsOf(settings));
		const convert = async (target: Target): Promise<readonly Outcome[]> => {
			const {format: as} = target;
			const {guardsFormulas, columns} = options;
			// Its columns have types, which know one form alone.
			const normalises = options.normalises || as === 'parquet';
			const files = normalises ? await saveStreams(target.files, interruption.signal) : target.files;
			const reading = {
				settings: readSettings,
				signal: interruption.signal,
				work: {as, guardsFormulas, normalises},
				threads,
				filesAhead: as === 'parquet' ? threads.count : FILES_AHEAD * threads.count,
				createChoice: () => new ColumnChoice(columns, command.settings.map ?? {}),
			};
			const kinds = as === 'parquet' ? await findKinds(files, reading) : [];
			const converting: Converting = {
				...reading,
				settings: {...readSettings, ...(spool !== null && {rejectSpool: spool.settings})},
				work: {...reading.work, kinds},
				createFormat: await loadFormat(as, options, kinds),
			};
			return writeTarget({...target, files}, converting, stream, settings.force);
		};
		const limit = pLimit(threads.count);
		const found = new Set(entries.flatMap(entry => (entry.type === 'file' && entry.isFound ? [entry.file] : [])));
		const all: Outcome[] = (await Promise.all(targets.map(target => limit(convert, target)))).flat();
		const outcomes = all.filter(outcome => !isLeftOut(outcome, found));
		for (const entry of entries)
			if (entry.type === 'unreadable')
				outcomes.push({type: 'failed', file: entry.file, error: entry.error, bytesRead: 0});
		await spool?.save(outcomes.map(rejectingFileOf));
		const text = describeOutcomes(all, options.output);
		if (isStandardOutput(options.output)) process.stderr.write(text);
		else await stream.write(text);
		await stream.flush();
		return exitCodeOfOutcomes(outcomes, settings.failOn);
	} catch (error) {
		if (error instanceof AbortedError) return interruption.exitCode() ?? exitCodes.ok;
		if (error instanceof HeadingMismatch) {
			process.stderr.write(`fileproc-tui: ${error.message}. Nothing was written.\n`);
			return exitCodes.fileFailed;
		}
		if (error instanceof NoVectorsError)
			throw new EnvironmentError('convert needs WebAssembly with vectors of 128 bits, which are missing here', error);
		throw error;
	} finally {
		await threads.close();
		interruption.dispose();
	}
}

/** Files that wait to be written, for each thread: they are read to a few MiB. */
const FILES_AHEAD = 4;

/** Where no file of it could be read, an output file is not written, and an old one stays. */
class NothingToWrite extends Error {
	readonly outcomes: readonly Outcome[];
	constructor(outcomes: readonly Outcome[]) {
		super('No file could be read');
		this.outcomes = outcomes;
	}
}

async function writeTarget(
	{path, files}: Target,
	converting: Converting,
	stream: OutputStream,
	isForced: boolean,
): Promise<readonly Outcome[]> {
	if (path !== null && isRemotePath(path)) {
		let outcomes: readonly Outcome[] = [];
		await saveObject(path, objectRule(isForced), async file => {
			outcomes = await writeFile(file, files, converting, path);
			return outcomes.some(({type}) => type !== 'failed');
		});
		return outcomes;
	}
	if (path === null) {
		const write = async (bytes: Uint8Array): Promise<void> => {
			if (stream.isClosed()) throw new AbortedError();
			// The stream may keep them longer than they are there.
			await stream.write(bytes.slice());
		};
		return convertFiles(files, {write, truncate: null}, converting);
	}
	return writeFile(path, files, converting);
}

const objectRule = (isForced: boolean): ObjectRule => ({
	...{flag: '-o', noun: 'The object', startBytes: 1},
	reason: 'an object of that name exists.',
	mayReplace: () => isForced,
});

/** @param name - What it is called in messages. */
async function writeFile(
	path: string,
	files: Target['files'],
	converting: Converting,
	name = path,
): Promise<readonly Outcome[]> {
	try {
		const old = await findOldFile(path);
		let outcomes: readonly Outcome[] = [];
		await replaceFile(
			old.path,
			old.mode,
			async file => {
				outcomes = await convertFiles(files, fileOutput(file), converting);
				if (outcomes.every(({type}) => type === 'failed')) throw new NothingToWrite(outcomes);
			},
			openFile,
		);
		return outcomes;
	} catch (error) {
		if (error instanceof NothingToWrite) return error.outcomes;
		if ([AbortedError, NoVectorsError, HeadingMismatch].some(kind => error instanceof kind)) throw error;
		throw new EnvironmentError(new ReportWriteError(name, error, 'was not written', 'The file').message);
	}
}

/** Each write says where, so that what is written can be taken back. */
function fileOutput(file: FileHandle): Output {
	let position = 0;
	return {
		async write(bytes) {
			for (let at = 0; at < bytes.length; ) {
				const {bytesWritten} = await file.write(bytes, at, bytes.length - at, position);
				at += bytesWritten;
				position += bytesWritten;
			}
		},
		async truncate(at) {
			await file.truncate(at);
			position = at;
		},
	};
}
