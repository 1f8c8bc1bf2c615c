/**
Milliseconds on a clock that only goes forward, from any moment on. As `performance.now()`; but for that each thread would load ten
of Node's modules, which is a millisecond of its start.
*/
export function monotonicMs(): number {
	const [seconds, nanoseconds] = process.hrtime();
	return seconds * 1e3 + nanoseconds / 1e6;
}
