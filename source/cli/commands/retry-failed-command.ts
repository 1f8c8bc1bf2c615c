// `fileproc-tui retry-failed <dir>`: asks for failed files of a watched folder to be tried again, as the key of its dashboard does.
import {resolve} from 'node:path';
import {LedgerError} from '../../ledger/ledger-error.ts';
import type {WatchedFile} from '../../model/watched-folder.ts';
import {arrangeFolder, type FolderFilter, parseFolderFilter} from '../../store/folder-filter.ts';
import {formatInteger, quantity} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {safe} from '../../text/safe.ts';
import type {WatchFolders} from '../../watch/folders.ts';
import {findRetriable, requestRetries} from '../../watch/retry-requests.ts';
import {findOwner, findTags} from '../../watch/status.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {RetryFailedCommand} from '../arguments/options.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {exitCodes} from './exit-codes.ts';
import {watchedFolder} from './watched-folder.ts';

/** `--json` lists all of them. */
const LISTED = 20;

/** @returns The exit code: 4 where there is no such watched folder, or no failed file fits. */
export async function retryFailedCommand({
	directory,
	terms,
	isAll,
	route,
	isDryRun,
	isJson,
}: RetryFailedCommand): Promise<number> {
	const filter = readFilter(terms, isAll);
	const folders = watchedFolder(resolve(directory));
	if (folders === null) return exitCodes.nothingMatched;
	const {files, owner, tags} = await explained(() => ({
		files: arrangeFolder(findRetriable(folders), filter, true),
		owner: findOwner(folders),
		tags: findTags(folders),
	}));
	assertRoute(route, tags);
	if (!isDryRun && files.length > 0)
		await explained(() =>
			requestRetries(
				folders,
				files.flatMap(({claim}) => claim ?? []),
				route,
			),
		);
	const stream = createOutputStream(process.stdout);
	await stream.write(
		isJson
			? toJson(folders, files, isDryRun, owner)
			: `${[...fileLines(files), outcomeLine(files.length, isDryRun, owner)].join('\n')}\n`,
	);
	await stream.flush();
	return files.length === 0 ? exitCodes.nothingMatched : exitCodes.ok;
}

/** @throws {UsageError} Where it is not clear which files are meant. */
function readFilter(terms: readonly string[], isAll: boolean): FolderFilter | null {
	if (isAll && terms.length > 0) throw new UsageError('--all means every failed file: leave it or the terms out.');
	if (isAll) return null;
	if (terms.length === 0)
		throw new UsageError(
			'Say which failed files to retry: a part of their name or tag:sales, as in fileproc-tui retry-failed ./inbox orders, or --all.',
		);
	const parsed = parseFolderFilter(terms.join(' '));
	if (!parsed.ok) throw new UsageError(`${parsed.message}.`);
	return parsed.filter;
}

/**
@param tags - Those that there are; `null`: nobody watches who would know.
@throws {UsageError} Where there is no such route.
*/
function assertRoute(route: string | null, tags: readonly string[] | null): void {
	if (route === null || (tags?.includes(route) ?? true)) return;
	const known = tags?.map(quoted).join(', ');
	throw new UsageError(`There is no route ${quoted(route)}. The routes of the folder are: ${known}.`);
}

async function explained<Value>(perform: () => Value | Promise<Value>): Promise<Value> {
	try {
		return await perform();
	} catch (error) {
		if (error instanceof LedgerError) throw new EnvironmentError(error.message);
		if (error instanceof Error && 'syscall' in error)
			throw new EnvironmentError('The files cannot be asked to be retried', error);
		throw error;
	}
}

const fileLines = (files: readonly WatchedFile[]): string[] => [
	...files.slice(0, LISTED).map(({file, code}) => `  ${safe(file)}  ${safe(code ?? '')}`),
	...(files.length > LISTED ? [`  and ${formatInteger(files.length - LISTED)} more`] : []),
];

function outcomeLine(count: number, isDryRun: boolean, owner: number | null): string {
	if (count === 0) return 'No failed file fits.';
	if (isDryRun) return `Nothing was asked for: without --dry-run it would be ${quantity(count, 'file')}.`;
	const them = count === 1 ? 'it' : 'them';
	return owner === null
		? `${quantity(count, 'file')} to retry: nobody watches the folder, so the next watch takes ${them} up.`
		: `${quantity(count, 'file')} to retry: process ${owner}, which watches the folder, takes ${them} up at its next poll.`;
}

function toJson({root}: WatchFolders, files: readonly WatchedFile[], isDryRun: boolean, owner: number | null): string {
	const listed = files.map(({file, claim, tag, code, message}) => ({file, claim, tag, code, message}));
	return `${layOutSafely({folder: root, dry_run: isDryRun, watched_by: owner, files: listed}, '')}\n`;
}
