// Loaded into the command in front of it: writes, as it ends, how much memory it took at most and how long its main thread was
// busy at a time, in processor time, so that other programs on the machine do not count.
const {writeFileSync} = require('node:fs');
const {isMainThread} = require('node:worker_threads');

if (isMainThread && process.env.WATCHED_TO !== undefined) {
	const path = process.env.WATCHED_TO;
	const busyMs = () => {
		const {user, system} = process.threadCpuUsage();
		return (user + system) / 1000;
	};
	const turns = [];
	let last = busyMs();
	setInterval(() => {
		const now = busyMs();
		turns.push(now - last);
		last = now;
	}, 5).unref();
	process.on('exit', () => {
		turns.sort((left, right) => left - right);
		const watched = {
			peakMib: process.resourceUsage().maxRSS / 1024,
			busyMs99: turns[Math.floor(turns.length * 0.99)] ?? 0,
			busyMsMost: turns.at(-1) ?? 0,
			wallMs: performance.now(),
		};
		writeFileSync(path, JSON.stringify(watched));
	});
}
