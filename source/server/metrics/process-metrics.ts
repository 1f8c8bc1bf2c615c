// What Prometheus calls by the same names of any program, and how long others wait for the main thread.
import {readdirSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {countOf, type Family, gauge, ONE} from './families.ts';

const STARTED_AT = Date.now() / 1000 - process.uptime();

/** Since the process began. */
const delay = monitorEventLoopDelay({resolution: 10});
delay.enable();
const secondsOf = (nanoseconds: number): number => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);

export const PROCESS: readonly Family[] = [
	countOf({name: 'process_cpu_seconds_total', help: 'Processor time of the process.'}, () => {
		const {user, system} = process.cpuUsage();
		return ONE((user + system) / 1e6);
	}),
	gauge({name: 'process_resident_memory_bytes', help: 'Memory of the process.'}, () => ONE(process.memoryUsage.rss())),
	gauge({name: 'process_start_time_seconds', help: 'When the process began.'}, () => ONE(STARTED_AT)),
	gauge({name: 'process_open_fds', help: 'Open files and connections, where the system says so.'}, () => {
		try {
			return ONE(readdirSync('/proc/self/fd').length);
		} catch {
			// Only Linux does.
			return [];
		}
	}),
	gauge({name: 'nodejs_heap_size_used_bytes', help: 'Memory of JavaScript that is in use.'}, () =>
		ONE(process.memoryUsage().heapUsed),
	),
	gauge({name: 'nodejs_heap_size_total_bytes', help: 'Memory of JavaScript.'}, () =>
		ONE(process.memoryUsage().heapTotal),
	),
	gauge({name: 'nodejs_external_memory_bytes', help: 'Memory of buffers.'}, () => ONE(process.memoryUsage().external)),
	gauge(
		{name: 'nodejs_eventloop_lag_p99_seconds', help: 'So long one in a hundred turns of the event loop takes.'},
		() => ONE(secondsOf(delay.percentile(99))),
	),
	gauge({name: 'nodejs_eventloop_lag_max_seconds', help: 'The longest turn of the event loop.'}, () =>
		ONE(secondsOf(delay.max)),
	),
];
