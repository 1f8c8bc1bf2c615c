// `fileproc-tui clean <dir>`: removes the files of claims that were finished long ago, after it has said how many there are.

import {resolve} from 'node:path';
import {createInterface} from 'node:readline/promises';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {formatShortDuration} from '../../text/duration.ts';
import {formatBytes, formatInteger, quantity} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {padStart} from '../../text/width.ts';
import {
	CLEANED_FOLDERS,
	type CleaningOutcome,
	type CleaningPlan,
	cleanFolder,
	planCleaning,
} from '../../watch/clean-folder.ts';
import type {WatchFolders} from '../../watch/folders.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {CleanCommand} from '../arguments/options.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {exitCodes} from './exit-codes.ts';
import {watchedFolder} from './watched-folder.ts';

/** @returns The exit code: 3 where a file could not be removed, 4 where there is no such watched folder. */
export async function cleanCommand(command: CleanCommand): Promise<number> {
	const {directory, olderThanSeconds, isDryRun, isConfirmed, isJson} = command;
	const folders = watchedFolder(resolve(directory));
	if (folders === null) return exitCodes.nothingMatched;
	const before = Date.now() - olderThanSeconds * 1000;
	const stream = createOutputStream(process.stdout);
	const plan = explained(() => planCleaning(folders, before));
	assertFolders(plan, folders);
	if (!isJson) await stream.write(`${planLines(plan, before, olderThanSeconds).join('\n')}\n`);
	await stream.flush();
	const isAsking = !isConfirmed && !isDryRun && process.stdin.isTTY && process.stdout.isTTY && fileCount(plan) > 0;
	const isRemoving = !isDryRun && fileCount(plan) > 0 && (!isAsking || (await ask()));
	const outcome = isRemoving ? explained(() => cleanFolder(folders, plan, before)) : null;
	await stream.write(isJson ? toJson(command, before, plan, outcome) : `${outcomeLine(plan, outcome, isDryRun)}\n`);
	await stream.flush();
	const faults = outcome?.faults ?? [];
	for (const {file, message} of faults)
		process.stderr.write(`fileproc-tui: ${safe(displayPath(file))} was not removed: ${safe(message)}\n`);
	return faults.length === 0 ? exitCodes.ok : exitCodes.environment;
}

function explained<Value>(perform: () => Value): Value {
	try {
		return perform();
	} catch (error) {
		if (error instanceof LedgerError) throw new EnvironmentError(error.message);
		if (error instanceof Error && 'syscall' in error) throw new EnvironmentError('The folder cannot be cleaned', error);
		throw error;
	}
}

function assertFolders({noFolders}: CleaningPlan, folders: WatchFolders): void {
	const [first] = noFolders;
	if (first === undefined) return;
	throw new EnvironmentError(
		`Expected ${safe(displayPath(folders[first]))} to be a folder, but it is a link or something else. Nothing was removed: put the folder itself there.`,
	);
}

const fileCount = ({folders}: CleaningPlan): number =>
	CLEANED_FOLDERS.reduce((sum, name) => sum + folders[name].files, 0);
const byteCount = ({folders}: CleaningPlan): number =>
	CLEANED_FOLDERS.reduce((sum, name) => sum + folders[name].bytes, 0);

function planLines(plan: CleaningPlan, before: number, olderThanSeconds: number): string[] {
	const {claims, folders, younger, unknown} = plan;
	const when = `${new Date(before).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
	const rest = [
		...(younger === 0 ? [] : [`${quantity(younger, 'file')} of claims that are younger or not finished`]),
		...(unknown === 0 ? [] : [`${quantity(unknown, 'file')} of no claim`]),
	];
	return [
		olderThanSeconds === 0
			? `${quantity(claims, 'finished claim')}:`
			: `${quantity(claims, 'claim')} finished more than ${formatShortDuration(olderThanSeconds)} ago, before ${when}:`,
		...CLEANED_FOLDERS.map(name => {
			const {files, bytes} = folders[name];
			return `  ${`${name}/`.padEnd(10)} ${padStart(formatInteger(files), 9)} ${files === 1 ? 'file ' : 'files'} ${padStart(formatBytes(bytes), 10)}`;
		}),
		...(rest.length === 0 ? [] : [`Left alone: ${rest.join(', ')}.`]),
	];
}

async function ask(): Promise<boolean> {
	const questions = createInterface({input: process.stdin, output: process.stdout});
	// Ctrl+C and Ctrl+D close it without an answer.
	const closed = new Promise<string>(resolve => questions.once('close', () => resolve('')));
	const question = 'Remove these files? The ledger keeps what is known of them. [y/N] ';
	try {
		const answer = await Promise.race([questions.question(question), closed]);
		return /^y(es)?$/i.test(answer.trim());
	} finally {
		questions.close();
	}
}

function outcomeLine(plan: CleaningPlan, outcome: CleaningOutcome | null, isDryRun: boolean): string {
	if (fileCount(plan) === 0) return 'There is nothing to remove.';
	if (outcome !== null) return `Removed ${quantity(outcome.files, 'file')}, ${formatBytes(outcome.bytes)}.`;
	const would = `${quantity(fileCount(plan), 'file')}, ${formatBytes(byteCount(plan))}`;
	return isDryRun ? `Nothing was removed: without --dry-run it would be ${would}.` : 'Nothing was removed.';
}

function toJson(
	{directory, olderThanSeconds, isDryRun}: CleanCommand,
	before: number,
	{claims, folders, younger, unknown}: CleaningPlan,
	outcome: CleaningOutcome | null,
): string {
	const document = {
		folder: displayPath(resolve(directory)),
		older_than: olderThanSeconds,
		before: new Date(before).toISOString(),
		dry_run: isDryRun,
		claims,
		...folders,
		left: {younger, unknown},
		removed: {files: outcome?.files ?? 0, bytes: outcome?.bytes ?? 0},
		faults: (outcome?.faults ?? []).map(({file, message}) => ({file: displayPath(file), message})),
	};
	return `${layOutSafely(document, '')}\n`;
}
