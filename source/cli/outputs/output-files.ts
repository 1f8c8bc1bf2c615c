// The files that a run writes: --report, --export, --rejects, --record, --log-file, and standard output and standard error where they are
// redirected to files. No two may be the same file, none may be an input of the run, and none may replace a file of another
// program. All of this is checked before anything is read or written.

import {type Stats, statSync} from 'node:fs';
import {basename} from 'node:path';
import {descriptorOf} from '../../engine/plan/named-stream.ts';
import type {OutputFilter, Plan} from '../../engine/plan/plan.ts';
import {isRemote, outerLocationOf} from '../../engine/shared/source-location.ts';
import {nameOfRemote} from '../../remote/remote-location.ts';
import {joinWords} from '../../text/join-words.ts';
import {pathText} from '../../text/path-text.ts';
import {isRemotePath} from '../../text/shown-url.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';
import {type ExportedTable, exportedTables, isReplaceableTable} from './exported-tables.ts';
import {foreignFileError, isReplaceableAt, type OutputKind, type RecognizedKind} from './own-file.ts';
import {foldName, isSamePlace, locate, locateOutput, type Place} from './place.ts';
import {statStreamFile} from './standard-streams.ts';

/** An output file, with its name for people. */
interface OutputFile {
	readonly name: string;
	/** The path as given; a stream has none. */
	readonly path: string | null;
	readonly kind: OutputKind | null;
	readonly place: Place;
	/** Whether it holds data that this program did not write. */
	readonly isForeign: boolean;
}

/** An output that is the same file as an input, with the name of the input. */
interface Clash {
	readonly output: OutputFile;
	readonly input: string;
}

interface Input {
	readonly name: string;
	readonly place: Place;
}

const isHere = ({path}: {readonly path: string}): boolean => !isRemotePath(path);

const textOf = (path: string | Uint8Array): string => (typeof path === 'string' ? path : pathText(Buffer.from(path)));

const STANDARD_STREAMS = ['standard input', 'standard output', 'standard error'] as const;

export class OutputFiles implements OutputFilter {
	readonly #outputs: readonly OutputFile[];
	readonly #byNumber = new Map<number, OutputFile[]>();
	readonly #clashes: Clash[] = [];
	readonly #isForced: boolean;
	/** Of objects on other machines that are written. */
	readonly #remoteNames = new Set<string>();

	/**
	@param configFiles - Configuration files that were read.
	@throws {UsageError} When two outputs are the same file, or one is a list or a configuration file that is read.
	*/
	constructor(settings: RunSettings, configFiles: readonly string[]) {
		this.#isForced = settings.force;
		const {reports, rejects, record} = settings;
		const alone = [rejects, record].flatMap(path => (path === null ? [] : [{path}]));
		for (const {path} of [...reports, ...exportedTables(settings), ...alone].filter(output => !isHere(output))) {
			if (this.#remoteNames.has(path)) throw new UsageError(`${quoted(path)} is named for two outputs: name two.`);
			this.#remoteNames.add(path);
		}
		const named = [
			...reports.filter(isHere).map(({path}) => outputFileOf('--report', path, 'report')),
			...exportedTables(settings).filter(isHere).map(outputFileOfTable),
			...(rejects === null || isRemotePath(rejects) ? [] : [outputFileOf('--rejects', rejects, 'rejects')]),
			...(record === null || isRemotePath(record) ? [] : [outputFileOf('--record', record, 'recording')]),
			// Opening it says whether it may be written to.
			...(settings.ledger === null ? [] : [outputFileOfLedger(settings.ledger)]),
			...(settings.logFile === null ? [] : [outputFileOf('--log-file', settings.logFile, 'log')]),
		];
		const streams = ([1, 2] as const).flatMap(outputFileOfStream);
		assertDistinct([...named, ...exportFolderOf(settings)], streams);
		this.#outputs = [...named, ...streams];
		for (const input of inputsOf(settings, configFiles)) this.#compare(input);
		this.#assertNoClash();
		for (const output of this.#outputs) {
			if (output.place.stats === null) continue;
			const number = Number(output.place.stats.ino);
			this.#byNumber.set(number, [...(this.#byNumber.get(number) ?? []), output]);
		}
	}

	/**
	Whether a file that was found is skipped because the run writes it. A file that was named as data, or that holds data, is
	not skipped but an error, which `assertHarmless` throws.
	*/
	isOutput(stats: Stats, path: string | Uint8Array, isGiven: boolean): boolean {
		const candidates = this.#byNumber.get(stats.ino);
		if (candidates === undefined) return false;
		// An inode number may exceed the exact integers of `Stats`, so the exact one is read.
		const found = statSync(typeof path === 'string' ? path : Buffer.from(path), {bigint: true, throwIfNoEntry: false});
		if (found === undefined) return false;
		const place = {path: textOf(path), stats: found};
		const written = candidates.filter(candidate => isSamePlace(candidate.place, place));
		const lost = written.filter(({isForeign}) => isGiven || isForeign);
		this.#clashes.push(...lost.map(output => ({output, input: `the input ${quoted(place.path)}`})));
		return written.length > 0;
	}

	isRemoteOutput(name: string): boolean {
		return this.#remoteNames.has(name);
	}

	/**
	Must be called before the run starts.

	@throws {UsageError} When the run would write a file of the plan.
	@throws {EnvironmentError} When an output would replace a file of another program.
	*/
	assertHarmless({entries}: Plan): void {
		const comingNames = new Set(
			this.#outputs.filter(({place}) => place.stats === null).map(({place}) => foldName(basename(place.path))),
		);
		for (const entry of entries) {
			if (entry.type !== 'file') continue;
			const source = outerLocationOf(entry.source);
			if (isRemote(source) && this.#remoteNames.has(nameOfRemote(source)))
				throw new UsageError(
					`The output ${quoted(entry.file)} is also an input, which would be lost: name another object for the output.`,
				);
			if (source.kind === 'standard-input') {
				const place = placeOfStream(0);
				if (place !== null) this.#compare({name: STANDARD_STREAMS[0], place});
			} else if (source.kind === 'stream') {
				if (typeof source.at === 'number') continue;
				this.#compare({name: `the input ${quoted(entry.file)}`, place: locate(textOf(source.at))});
			} else if (source.kind === 'file' && entry.bytesTotal === 0 && comingNames.has(foldName(basename(entry.file)))) {
				// The input does not exist, and the run would create it.
				const place = locate(textOf(source.path));
				if (place.stats === null) this.#compare({name: `the input ${quoted(entry.file)}`, place});
			}
		}
		this.#assertNoClash();
		const foreign = this.#isForced ? [] : this.#outputs.filter(({isForeign}) => isForeign);
		for (const {path, kind} of foreign) if (path !== null && kind !== null) throw foreignFileError(path, kind);
	}

	#compare({name, place}: Input): void {
		for (const output of this.#outputs) {
			if (isSamePlace(output.place, place)) this.#clashes.push({output, input: name});
		}
	}

	#assertNoClash(): void {
		if (this.#clashes.length === 0) return;
		const others = new Set(this.#clashes.map(({output}) => output)).size - 1;
		const more =
			others === 0
				? ''
				: others === 1
					? ' Another output is also an input.'
					: ` ${others} more outputs are also inputs.`;
		throw clashError(this.#clashes, more);
	}
}

/**
For a command that reads one file and writes to standard output.

@throws {UsageError} When the two are the same file.
*/
export function assertNotWritten(path: string): void {
	const input = {name: quoted(path), place: locate(path)};
	const output = ([1, 2] as const).flatMap(outputFileOfStream).find(({place}) => isSamePlace(place, input.place));
	if (output !== undefined) throw clashError([{output, input: input.name}]);
}

const outputFileOf = (flag: string, path: string, kind: RecognizedKind): OutputFile =>
	createOutputFile(flag, path, kind, at => isReplaceableAt(at, kind));

const outputFileOfTable = ({path, outline}: ExportedTable): OutputFile =>
	createOutputFile('--export', path, 'table', at => isReplaceableTable(at, outline));

const outputFileOfLedger = (path: string): OutputFile => checkedElsewhere('--ledger', path);

/** No file of the run may get its name. */
const exportFolderOf = ({exportFolder}: RunSettings): readonly OutputFile[] =>
	exportFolder === null || isRemotePath(exportFolder) ? [] : [checkedElsewhere('--export', exportFolder)];

function checkedElsewhere(flag: string, path: string): OutputFile {
	return {name: `${flag} ${quoted(path)}`, path, kind: null, place: locateOutput(path), isForeign: false};
}

function createOutputFile(flag: string, path: string, kind: OutputKind, isOwn: (path: string) => boolean): OutputFile {
	const place = locateOutput(path);
	const isForeign = place.stats?.isFile() === true && !isOwn(place.path);
	return {name: `${flag} ${quoted(path)}`, path, kind, place, isForeign};
}

function outputFileOfStream(descriptor: 1 | 2): OutputFile[] {
	const place = placeOfStream(descriptor);
	// Whether the content may be lost was the user's decision in the shell.
	return place === null ? [] : [{name: STANDARD_STREAMS[descriptor], path: null, kind: null, place, isForeign: false}];
}

function placeOfStream(descriptor: 0 | 1 | 2): Place | null {
	const stats = statStreamFile(descriptor);
	return stats === null ? null : {path: STANDARD_STREAMS[descriptor], stats};
}

/** The two streams may be the same file, as with `2>&1`. */
function assertDistinct(named: readonly OutputFile[], streams: readonly OutputFile[]): void {
	for (const [index, output] of named.entries()) {
		const other = [...named.slice(index + 1), ...streams].find(({place}) => isSamePlace(place, output.place));
		if (other !== undefined) {
			throw new UsageError(`${joinWords([output.name, other.name], 'and')} are the same file: name two.`);
		}
	}
}

function inputsOf({filesFrom}: RunSettings, configFiles: readonly string[]): Input[] {
	const isStream = filesFrom !== null && descriptorOf(filesFrom) === 0;
	const list = filesFrom === null ? null : isStream ? placeOfStream(0) : locate(filesFrom);
	const listName = isStream ? 'the list on standard input' : `the list --files-from ${quoted(filesFrom ?? '')}`;
	return [
		...(list === null ? [] : [{name: listName, place: list}]),
		...configFiles.map(path => ({name: `the configuration file ${quoted(path)}`, place: locate(path)})),
	];
}

function clashError(clashes: readonly Clash[], more = ''): UsageError {
	const [first] = clashes;
	if (first === undefined) throw new Error('Expected a clash');
	const sentence = `${first.output.name} is the same file as ${first.input}, which would be lost: name another file for the output.`;
	const isStandardErrorData = clashes.some(({output}) => output.name === STANDARD_STREAMS[2]);
	return new UsageError(`${sentence}${more}`, {isStandardErrorData});
}
