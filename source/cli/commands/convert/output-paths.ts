// Names of outputs in a folder: each file gets one, where it is below the folder that was named for it. `in/2024/may.tsv.gz` becomes `out/2024/may.csv`.
import {statSync} from 'node:fs';
import {basename, dirname, extname, join, normalize} from 'node:path';
import {globCharacters} from '../../../engine/plan/path-pattern.ts';
import type {FormatName} from '../../../pipeline/convert/output-format.ts';
import {systemPath} from '../../../text/path-text.ts';
import {isRemotePath} from '../../../text/shown-url.ts';
import {quoted, UsageError} from '../../arguments/usage-error.ts';
import {joinOutput} from '../../outputs/exported-tables.ts';
import {locate} from '../../outputs/place.ts';

export class OutputPaths {
	readonly #folder: string;
	readonly #roots: readonly string[];
	/** The real place of the output, where it is within a folder that is read. */
	readonly #inner: string | null;

	/** @param paths - As they were given: files, folders and patterns. */
	constructor(folder: string, paths: readonly string[]) {
		this.#folder = folder;
		// The longest first.
		this.#roots = [...new Set(paths.flatMap(rootOf))].sort((one, other) => other.length - one.length);
		const place = realPath(folder);
		this.#inner = this.#roots.some(root => place.startsWith(withSlash(realPath(root)))) ? withSlash(place) : null;
	}

	/** @throws {UsageError} When the file is one that was written there before. */
	pathFor(file: string, format: FormatName): string {
		if (this.#inner !== null && realPath(file).startsWith(this.#inner))
			throw new UsageError(
				`The input ${quoted(file)} is in the folder that is written to, ${quoted(this.#folder)}: name a folder outside of those that are read.`,
			);
		const inRoot = this.#partInRoot(file === '-' ? 'stdin' : file);
		// The names of members of an archive may say anything.
		const parts = inRoot.split(/[/!]/).filter(part => !['', '.', '..'].includes(part));
		const name = (parts.pop() ?? 'data').replace(PACKED, '');
		const stem = name.slice(0, name.length - extname(name).length);
		return joinOutput(this.#folder, ...parts, `${stem === '' ? name : stem}.${format}`);
	}

	#partInRoot(file: string): string {
		const path = normalizePath(/^https?:/i.test(file) ? new URL(file).pathname : file);
		const root = this.#roots.find(each => each === '.' || path.startsWith(withSlash(each)));
		if (root === undefined || (root === '.' && /^(?:\/|\.\.\/)/.test(path))) return basename(path);
		return root === '.' ? path : path.slice(withSlash(root).length);
	}
}

const PACKED = /\.(?:gz|zst|br)$/i;

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** A folder, or what stands in front of the first sign of a pattern. */
function rootOf(path: string): string[] {
	if (isRemotePath(path)) return [remoteRootOf(path)];
	const stats = statSync(systemPath(path), {throwIfNoEntry: false});
	if (stats?.isDirectory() === true) return [withoutSlash(normalize(path))];
	const sign = path.search(globCharacters);
	return stats === undefined && sign !== -1 ? [withoutSlash(normalize(dirname(`${path.slice(0, sign)}x`)))] : [];
}

/** Where it is an object, nothing is below it. */
function remoteRootOf(path: string): string {
	const sign = path.search(globCharacters);
	return withoutSlash(sign === -1 ? path : path.slice(0, path.lastIndexOf('/', sign)));
}

/** The two slashes of an address are meant. */
const normalizePath = (path: string): string => (isRemotePath(path) ? path : normalize(path));

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** Of a folder that need not be there yet. */
function realPath(path: string): string {
	if (isRemotePath(path)) return withoutSlash(path);
	const {path: found} = locate(join(path, '.x'));
	return dirname(found);
}
