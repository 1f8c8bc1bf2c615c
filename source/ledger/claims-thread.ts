// The thread that writes the ledger of a watched folder.
import {parentPort, workerData} from 'node:worker_threads';
import type {ClaimCommit, ClaimQuestion, ClaimsThreadData} from './claims-protocol.ts';
import {ClaimsWriter} from './claims-writer.ts';
import {serveCommits} from './commit-thread.ts';
import {KeptResults} from './kept-results.ts';
import {RunWriter} from './run-writer.ts';

if (parentPort === null) throw new Error('Expected to be a thread');
const {path, run} = workerData as ClaimsThreadData;
serveCommits<ClaimCommit, ClaimQuestion, number>(parentPort, path, database => {
	const {lastInsertRowid} = database
		.prepare('INSERT INTO owners (process, started_at) VALUES (?, ?)')
		.run(run.process, run.startedAt);
	const epoch = Number(lastInsertRowid);
	const claims = new ClaimsWriter(database, epoch);
	const writer = new RunWriter(database, new KeptResults(database, ''), run);
	return {
		opened: epoch,
		write: commits =>
			writer.write(commits.map(toEntries), () => {
				claims.assertOwner();
				claims.apply(commits.flatMap(({changes}) => changes));
			}),
		answer: question => claims.answer(question),
		end: () => database.prepare('UPDATE owners SET ended_at = ? WHERE epoch = ?').run(Date.now(), epoch),
	};
});

function toEntries({lines, files, end}: ClaimCommit) {
	return {lines, files, end, results: [], checkpoints: []};
}
