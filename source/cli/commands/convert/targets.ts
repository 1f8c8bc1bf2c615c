// Where records are written to, and from which files each output has them. All of it is checked before anything is read or written.

import {statSync} from 'node:fs';
import {extname} from 'node:path';
import {descriptorOf} from '../../../engine/plan/named-stream.ts';
import type {Plan} from '../../../engine/plan/plan.ts';
import {outerLocationOf} from '../../../engine/shared/source-location.ts';
import type {InputFile} from '../../../pipeline/convert/convert-files.ts';
import type {FormatName} from '../../../pipeline/convert/output-format.ts';
import {pathText, systemPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {isRemotePath} from '../../../text/shown-url.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {ConvertOptions} from '../../arguments/read-convert-options.ts';
import type {RunSettings} from '../../arguments/settings.ts';
import {quoted, UsageError} from '../../arguments/usage-error.ts';
import {foldName, isSamePlace, locate, locateOutput, type Place} from '../../outputs/place.ts';
import {objectAt} from '../../outputs/remote-outputs.ts';
import {OutputPaths} from './output-paths.ts';

export interface Target {
	/** `null`: standard output. */
	readonly path: string | null;
	readonly format: FormatName;
	readonly files: readonly InputFile[];
}

const FORMATS: ReadonlyMap<string, FormatName> = new Map([
	['.csv', 'csv'],
	['.jsonl', 'jsonl'],
	['.ndjson', 'jsonl'],
	['.parquet', 'parquet'],
]);

/**
@param paths - As they were given.
@throws {UsageError} When the format is not known, when two files would be written to one, or when an output is an input.
@throws {EnvironmentError} When an output would replace another file without --force.
*/
export function planTargets(
	{output, format}: ConvertOptions,
	{entries}: Plan,
	paths: readonly string[],
	{force, rejects}: Pick<RunSettings, 'force' | 'rejects'>,
): readonly Target[] {
	const files = entries.filter(entry => entry.type === 'file');
	if (isStandardOutput(output)) return [{path: null, format: format ?? 'csv', files}];
	const outputPaths = isFolder(output) ? new OutputPaths(output, paths) : null;
	const targets =
		outputPaths === null
			? [{path: output, format: formatOf(output, format), files}]
			: files.map(input => ({
					path: outputPaths.pathFor(input.file, format ?? 'csv'),
					format: format ?? 'csv',
					files: [input],
				}));
	assertDistinct(targets);
	const rejectsPlace = rejects === null || isRemotePath(rejects) ? null : locateOutput(rejects);
	const findInput = findInputs(files);
	for (const {path} of targets) {
		if (isRemotePath(path)) {
			objectAt('-o', path);
			if (path === rejects) throw sameForRejects(path);
			if (files.some(({file}) => file === path))
				throw new UsageError(`-o ${quoted(path)} is also an input, which would be lost: name another object.`);
			continue;
		}
		if (rejectsPlace !== null && isSamePlace(locateOutput(path), rejectsPlace))
			throw sameForRejects(path, rejects ?? '');
		assertHarmless(path, findInput, force);
	}
	return targets;
}

const sameForRejects = (path: string, rejects = path): UsageError =>
	new UsageError(`-o ${quoted(path)} and --rejects ${quoted(rejects)} are the same file: name two.`);

export const isStandardOutput = (output: string): boolean =>
	output === '-' || output === '/dev/stdout' || descriptorOf(output) === 1;

function isFolder(output: string): boolean {
	if (output.endsWith('/')) return true;
	if (isRemotePath(output)) return false;
	return statSync(systemPath(output), {throwIfNoEntry: false})?.isDirectory() === true;
}

export const writesFolder = ({output}: ConvertOptions): boolean => !isStandardOutput(output) && isFolder(output);

function formatOf(output: string, format: ConvertOptions['format']): FormatName {
	const found = format ?? FORMATS.get(extname(output).toLowerCase());
	if (found === undefined)
		throw new UsageError(
			`-o takes a file that ends in .csv, .jsonl or .parquet, a folder that ends in /, or -; but got ${quoted(output)}. --to says the format where the name does not.`,
		);
	return found;
}

function assertDistinct(targets: readonly Target[]): void {
	const known = new Map<string, Target>();
	for (const target of targets) {
		const name = foldName(target.path ?? '');
		const other = known.get(name);
		if (other !== undefined) {
			const [one, two] = [other, target].map(({files: [first]}) => quoted(first?.file ?? ''));
			throw new UsageError(
				`${one} and ${two} would both be written to ${quoted(target.path ?? '')}: convert them one after the other, into different folders.`,
			);
		}
		known.set(name, target);
	}
}

/** @returns Which input is at a place; each is looked at once, because there may be as many outputs. */
function findInputs(files: readonly InputFile[]): (place: Place) => string | undefined {
	const names = new Map<string, string>();
	const keyOf = ({stats}: Place): string => (stats === null ? '' : `${stats.dev}:${stats.ino}`);
	for (const {file, source} of files) {
		const outer = outerLocationOf(source);
		if (outer.kind !== 'file') continue;
		const key = keyOf(locate(typeof outer.path === 'string' ? outer.path : pathText(Buffer.from(outer.path))));
		if (!names.has(key)) names.set(key, file);
	}
	return place => (place.stats === null ? undefined : names.get(keyOf(place)));
}

function assertHarmless(path: string, findInput: ReturnType<typeof findInputs>, isForced: boolean): void {
	const output = locateOutput(path);
	const input = findInput(output);
	if (input !== undefined)
		throw new UsageError(
			`-o ${quoted(path)} is the same file as the input ${quoted(input)}, which would be lost: name another file for the output.`,
		);
	if (output.stats?.isFile() && output.stats.size > 0n && !isForced)
		throw new EnvironmentError(
			`The file ${safe(path)} is not written: a file of that name exists. --force replaces it.`,
		);
}
