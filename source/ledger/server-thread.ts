// The thread that writes the ledger of a server.
import {parentPort, workerData} from 'node:worker_threads';
import {defineChainHash} from './audit-chain.ts';
import {serveCommits} from './commit-thread.ts';
import {type NamedChange, NamedWriter} from './named-writer.ts';
import {SERVER_STATEMENTS} from './server-statements.ts';

if (parentPort === null) throw new Error('Expected to be a thread');
serveCommits<readonly NamedChange[], never, null>(parentPort, String(workerData), database => {
	defineChainHash(database);
	const writer = new NamedWriter(database, SERVER_STATEMENTS);
	return {opened: null, write: commits => writer.write(commits.flat())};
});
