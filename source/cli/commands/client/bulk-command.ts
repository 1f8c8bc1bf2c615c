// `fileproc-tui retry <url> --q status:failed`: one action on all files of a server that match.
import {type BulkView, performBulk, planBulk} from '../../../client/bulk.ts';
import type {Connection} from '../../../client/connection.ts';
import {formatInteger, quantity} from '../../../text/format.ts';
import {layOutSafely} from '../../../text/json-layout.ts';
import {safe} from '../../../text/safe.ts';
import type {TasksCommand} from '../../arguments/read-client-words.ts';
import {UsageError} from '../../arguments/usage-error.ts';
import {createOutputStream} from '../../outputs/output-stream.ts';
import {listenForInterruption} from '../../process/interruption.ts';
import {exitCodes} from '../exit-codes.ts';
import {ask, canAsk} from './ask-terminal.ts';
import {PATIENCE_MS} from './perform-jobs.ts';

const PATIENCE = {patienceMs: PATIENCE_MS};

interface BulkCommand extends Pick<TasksCommand, 'isJson' | 'isDryRun' | 'isAgreed'> {
	readonly name: 'cancel' | 'retry';
}

/** @returns The exit code. @throws {ClientError} */
export async function bulkCommand(connection: Connection, command: BulkCommand, q: string): Promise<number> {
	const {name: action, isJson, isDryRun, isAgreed} = command;
	const plan = await planBulk(connection, {action, q}, PATIENCE);
	const {total, applies, sample} = plan;
	const what = `${formatInteger(applies)} of ${quantity(total, 'file')} that match ${safe(q)}`;
	if (isDryRun || applies === 0) {
		const lines = [
			`${applies === 0 ? `There is nothing to ${action}` : `It would ${action}`}: ${what}.`,
			...sample.map(({file_id, name}) => `  ${file_id}  ${name}`),
			...(total > sample.length ? [`  and ${formatInteger(total - sample.length)} more`] : []),
		];
		await print(isJson ? layOutSafely({dry_run: true, action, q, ...plan}, '') : lines.map(safe).join('\n'));
		return total === 0 ? exitCodes.nothingMatched : exitCodes.ok;
	}
	if (!isAgreed && !(await agrees(`${action === 'retry' ? 'Retry' : 'Cancel'} ${what}? [y/N] `))) {
		process.stderr.write('fileproc-tui: Nothing was done.\n');
		return exitCodes.ok;
	}
	const interruption = listenForInterruption();
	try {
		const end = await performBulk(connection, {action, q, total}, PATIENCE, {
			leave: interruption.signal,
			onProgress: bulk => tellProgress(bulk),
		});
		await print(isJson ? layOutSafely(end, '') : linesOf(end).map(safe).join('\n'));
		return interruption.exitCode() ?? (end.failed > 0 ? exitCodes.fileFailed : exitCodes.ok);
	} finally {
		interruption.dispose();
	}
}

/** @throws {UsageError} Where nobody can be asked. */
async function agrees(question: string): Promise<boolean> {
	if (!canAsk()) throw new UsageError('Nobody can be asked here: look with --dry-run, and add --yes to have it done.');
	return /^y(es)?$/i.test((await ask(question)).trim());
}

function tellProgress({total, pending}: BulkView): void {
	if (process.stderr.isTTY !== true) return;
	process.stderr.write(`\r${formatInteger(total - pending)} of ${formatInteger(total)}${pending === 0 ? '\n' : ''}`);
}

function linesOf({id, status, done, skipped, failed, pending, remarks = []}: BulkView): readonly string[] {
	const counts = [
		`${formatInteger(done)} done`,
		...(skipped > 0 ? [`${formatInteger(skipped)} skipped`] : []),
		...(failed > 0 ? [`${formatInteger(failed)} failed`] : []),
		...(pending > 0 ? [`${formatInteger(pending)} left alone`] : []),
	];
	return [
		`${id} ${status} ${counts.join(', ')}`,
		...remarks.map(({file_id, status: outcome, reason}) => `  ${file_id} ${outcome}: ${reason}`),
	];
}

async function print(text: string): Promise<void> {
	const stream = createOutputStream(process.stdout);
	await stream.write(`${text}\n`);
	await stream.flush();
}
