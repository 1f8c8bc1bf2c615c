// The thread that writes the ledger of a server.
import {parentPort, workerData} from 'node:worker_threads';
import {serveCommits} from './commit-thread.ts';
import {SERVER_STATEMENTS} from './server-statements.ts';

if (parentPort === null) throw new Error('Expected to be a thread');
serveCommits(parentPort, String(workerData), SERVER_STATEMENTS);
