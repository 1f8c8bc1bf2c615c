// Loaded into the command in front of it: writes, as it ends, what processor time it took, with all of its threads, and its main thread alone.
const {writeFileSync} = require('node:fs');
const {isMainThread} = require('node:worker_threads');

if (isMainThread && process.env.CPU_TO !== undefined) {
	const path = process.env.CPU_TO;
	process.on('exit', () =>
		writeFileSync(path, JSON.stringify({...process.cpuUsage(), main: process.threadCpuUsage()})),
	);
}
