// The thread that writes the ledger of a watched folder.
import {parentPort, workerData} from 'node:worker_threads';
import {ClaimQuestions} from './claim-questions.ts';
import type {ClaimCommit, ClaimQuestion, ClaimsThreadData} from './claims-protocol.ts';
import {ClaimsWriter} from './claims-writer.ts';
import {serveCommits} from './commit-thread.ts';
import {KeptResults} from './kept-results.ts';
import {RunWriter} from './run-writer.ts';
import {Statements} from './statements.ts';
import {TextBytes} from './text-bytes.ts';

if (parentPort === null) throw new Error('Expected to be a thread');
const {path, run} = workerData as ClaimsThreadData;
serveCommits<ClaimCommit, ClaimQuestion, number>(parentPort, path, database => {
	const {lastInsertRowid} = database
		.prepare('INSERT INTO owners (process, started_at) VALUES (?, ?)')
		.run(run.process, run.startedAt);
	const epoch = Number(lastInsertRowid);
	const statements = new Statements(database);
	const claims = new ClaimsWriter(statements, epoch);
	const questions = new ClaimQuestions(statements);
	const writer = new RunWriter(database, new KeptResults(database, ''), run);
	const eventBytes = new TextBytes();
	return {
		opened: epoch,
		write(commits) {
			const lines = eventBytes.join(commits.map(commit => commit.lines)).bytes;
			const files = commits.flatMap(commit => commit.files);
			const end = commits.findLast(commit => commit.end !== null)?.end ?? null;
			writer.write([{lines, files, end, results: [], checkpoints: []}], () => {
				claims.assertOwner();
				claims.apply(commits.flatMap(({changes}) => changes));
			});
		},
		answer: question => questions.answer(question),
		end: () => database.prepare('UPDATE owners SET ended_at = ? WHERE epoch = ?').run(Date.now(), epoch),
	};
});
