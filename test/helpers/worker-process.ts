// A worker as a process of its own, with shorter times, so that a test can kill it and stop it.
//
//   node worker-process.ts <url of the queue> <threads> [settings of a worker as JSON]
import {openWorker} from './test-cluster.ts';

const [url = '', threads = '1', settings = '{}'] = process.argv.slice(2);
const {worker, messages} = await openWorker(url, {threads: Number(threads), ...JSON.parse(settings)});
process.send?.({type: 'ready'});
setInterval(() => process.send?.({type: 'counts', ...worker.counts, jobs: worker.jobCount, messages}), 50);
process.on('disconnect', () => process.exit());
