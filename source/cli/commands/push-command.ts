// `fileproc-tui push <url> <path…>`: files of this machine are sent to a server and processed there, and, with --wait, shown as a run here would be.
import {basename, relative} from 'node:path';
import type {Connection} from '../../client/connection.ts';
import {uploadFile} from '../../client/upload-file.ts';
import type {PlanEntry} from '../../engine/plan/plan.ts';
import {planFiles} from '../../engine/plan/plan-files.ts';
import type {ErrorReport} from '../../model/report.ts';
import {describeOtherFiles} from '../../report/wording.ts';
import {displayPath} from '../../text/path-text.ts';
import type {PushCommand} from '../arguments/read-client-words.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {isStandardInput} from '../process/standard-input.ts';
import {withServer} from './client/open-server.ts';
import {performJobs} from './client/perform-jobs.ts';
import type {ServerJob} from './client/server-job.ts';
import {exitCodes} from './exit-codes.ts';
import {nothingMatched} from './plan-run.ts';

export async function pushCommand({server, paths, settings, tasks, waits, isUploadOnly}: PushCommand): Promise<number> {
	if (paths.some(isStandardInput))
		throw new UsageError(
			'push sends files, which it can read again where a connection is cut: write standard input to a file first.',
		);
	const plan = await planFiles(paths, {follow: settings.follow, keepsArchives: true});
	if (plan.entries.length === 0) {
		process.stderr.write(`${nothingMatched(plan).replace('Nothing to process', 'Nothing to send')}\n`);
		return exitCodes.nothingMatched;
	}
	if (plan.otherFiles !== undefined)
		process.stderr.write(`fileproc-tui: Left out: ${describeOtherFiles(plan.otherFiles)}\n`);
	return withServer(server, connection =>
		performJobs(
			connection,
			plan.entries.map(entry => jobOf(entry, connection, paths)),
			{
				...{tasks, settings, paths: paths.map(displayPath)},
				until: isUploadOnly ? 'sent' : waits ? 'ended' : 'started',
			},
		),
	);
}

function jobOf(entry: PlanEntry, connection: Connection, paths: readonly string[]): ServerJob {
	const {file} = entry;
	if (entry.type === 'skipped')
		return {file, bytesTotal: null, fault: {status: 'skipped', error: faultOf('SKIPPED', `It is ${entry.kind}.`)}};
	if (entry.type === 'unreadable') return {file, bytesTotal: null, fault: {status: 'failed', error: entry.error}};
	const {source, bytesTotal} = entry;
	if (source.kind !== 'file') {
		const message =
			source.kind === 'member'
				? 'Expected a file, but this is a member of an archive: send the whole archive.'
				: 'Expected a file, which can be read again where a connection is cut, but this is a stream: write it to a file first.';
		return {file, bytesTotal, fault: {status: 'failed', error: faultOf('NO_FILE', message)}};
	}
	const path = typeof source.path === 'string' ? source.path : Buffer.from(source.path);
	const label = {name: basename(file), ...relativePathOf(file, paths)};
	return {
		...{file, bytesTotal},
		async send(options) {
			const {fileId} = await uploadFile(connection, {path, ...label}, options);
			return fileId;
		},
	};
}

const faultOf = (code: string, message: string): ErrorReport => ({code, message, line: null, byte_offset: null});

/** Below the folder that was named; files that were named themselves have none. */
function relativePathOf(file: string, paths: readonly string[]): {readonly relativePath?: string} {
	const folder = paths.map(displayPath).find(path => file.startsWith(path.endsWith('/') ? path : `${path}/`));
	return folder === undefined ? {} : {relativePath: relative(folder, file)};
}
