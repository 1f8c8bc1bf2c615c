// What `fileproc-tui help library` says; `topic-lines.ts` explains how it is written.
export const LIBRARY = `
	import {processBatch, processFile} from 'fileproc-tui';
	
	const report = await processBatch(['./exports'], {concurrency: 8, signal: AbortSignal.timeout(60_000)});
	console.log(report.analyses.transactions?.total_amount_exact);

Options are named like the flags ('where', 'keyColumn', 'userPattern'); analysis: {allOf: ['transactions', 'quality']} makes several in one
pass, and 'analyses' takes declarations or paths of modules. Both take an AbortSignal and an 'onEvent' callback and are documented where
they are typed. A run that is aborted resolves with what it has, its 'status' being 'cancelled'. The types need @types/node.

processBatch(paths, {ledger: 'ledger.db'}) saves the run, resume: true besides reads only what has changed, and openLedger('ledger.db') has
runs(), report(id), events(id), files(id) and verify().
`;
