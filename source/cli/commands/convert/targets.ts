// Where records are written to, and from which files each output has them. All of it is checked before anything is read or written.
import {statSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import type {Plan, PlanEntry} from '../../../engine/plan/plan.ts';
import {outerLocationOf} from '../../../engine/shared/source-location.ts';
import {pathText, systemPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {ConvertOptions} from '../../arguments/options.ts';
import type {RunSettings} from '../../arguments/settings.ts';
import {quoted, UsageError} from '../../arguments/usage-error.ts';
import {foldName, isSamePlace, locate, locateOutput} from '../../outputs/place.ts';
import type {FormatName} from './output-format.ts';

export type InputFile = Extract<PlanEntry, {type: 'file'}>;

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
@throws {UsageError} When the format is not known, when two files would be written to one, or when an output is an input.
@throws {EnvironmentError} When an output would replace another file without --force.
*/
export function planTargets(
	{output, format}: ConvertOptions,
	{entries}: Plan,
	{force, rejects}: Pick<RunSettings, 'force' | 'rejects'>,
): readonly Target[] {
	const files = entries.filter(entry => entry.type === 'file');
	if (output === '-') return [{path: null, format: format ?? 'csv', files}];
	const targets = isFolder(output)
		? files.map(file => ({path: pathInFolder(output, file, format ?? 'csv'), format: format ?? 'csv', files: [file]}))
		: [{path: output, format: formatOf(output, format), files}];
	assertDistinct(targets);
	const rejectsPlace = rejects === null ? null : locateOutput(rejects);
	for (const {path} of targets) {
		if (rejectsPlace !== null && isSamePlace(locateOutput(path), rejectsPlace))
			throw new UsageError(`-o ${quoted(path)} and --rejects ${quoted(rejects ?? '')} are the same file: name two.`);
		assertHarmless(path, files, force);
	}
	return targets;
}

function isFolder(output: string): boolean {
	if (output.endsWith('/')) return true;
	return statSync(systemPath(output), {throwIfNoEntry: false})?.isDirectory() === true;
}

export const writesFolder = ({output}: ConvertOptions): boolean => output !== '-' && isFolder(output);

function formatOf(output: string, format: ConvertOptions['format']): FormatName {
	const found = format ?? FORMATS.get(extname(output).toLowerCase());
	if (found === undefined)
		throw new UsageError(
			`-o takes a file that ends in .csv, .jsonl or .parquet, a folder that ends in /, or -; but got ${quoted(output)}. --to says the format where the name does not.`,
		);
	return found;
}

const PACKED = /\.(?:gz|zst|br)$/i;

/** `in/may.tsv.gz` becomes `out/may.csv`. */
function pathInFolder(folder: string, {file}: InputFile, format: FormatName): string {
	const name = file === '-' ? 'stdin' : basename(file).replace(PACKED, '');
	const stem = name.slice(0, name.length - extname(name).length);
	return join(folder, `${stem === '' ? name : stem}.${format}`);
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

function assertHarmless(path: string, files: readonly InputFile[], isForced: boolean): void {
	const output = locateOutput(path);
	for (const {file, source} of files) {
		const outer = outerLocationOf(source);
		if (outer.kind !== 'file') continue;
		const input = locate(typeof outer.path === 'string' ? outer.path : pathText(Buffer.from(outer.path)));
		if (isSamePlace(output, input))
			throw new UsageError(
				`-o ${quoted(path)} is the same file as the input ${quoted(file)}, which would be lost: name another file for the output.`,
			);
	}
	if (output.stats?.isFile() && output.stats.size > 0n && !isForced)
		throw new EnvironmentError(
			`The file ${safe(path)} is not written: a file of that name exists. --force replaces it.`,
		);
}
