// `fileproc-tui push <url> <path…>`: files of this machine are sent to a server and processed there, and, with --wait, shown as a run here would be.
import {planFiles} from '../../engine/plan/plan-files.ts';
import {describeOtherFiles} from '../../report/wording.ts';
import {displayPath} from '../../text/path-text.ts';
import type {PushCommand} from '../arguments/read-client-words.ts';
import {UsageError} from '../arguments/usage-error.ts';
import {isStandardInput} from '../process/standard-input.ts';
import {jobOf} from './client/job-of-entry.ts';
import {withServer} from './client/open-server.ts';
import {performJobs} from './client/perform-jobs.ts';
import {planSending} from './client/plan-jobs.ts';
import {exitCodes} from './exit-codes.ts';
import {nothingMatched} from './plan-run.ts';

export async function pushCommand(command: PushCommand): Promise<number> {
	const {server, paths, settings, work, waits, isUploadOnly, isDryRun} = command;
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
	return withServer(server, connection => {
		const jobs = plan.entries.map(entry => jobOf(entry, connection, paths));
		if (isDryRun)
			return planSending(connection, jobs, {work: isUploadOnly ? null : work, isJson: settings.output === 'json'});
		return performJobs(connection, jobs, {
			...{...work, settings, paths: paths.map(displayPath)},
			until: isUploadOnly ? 'sent' : waits ? 'ended' : 'started',
		});
	});
}
