// What Prometheus calls by the same names of any program, and how long others wait for the main thread.
import {readdirSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {countOf, type Family, gauge, ONE} from './families.ts';
import {metric} from './metric-names.ts';

const STARTED_AT = Date.now() / 1000 - process.uptime();

/** Since the process began. */
const delay = monitorEventLoopDelay({resolution: 10});
delay.enable();
const secondsOf = (nanoseconds: number): number => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);

export const PROCESS: readonly Family[] = [
	countOf(metric('process_cpu_seconds_total'), () => {
		const {user, system} = process.cpuUsage();
		return ONE((user + system) / 1e6);
	}),
	gauge(metric('process_resident_memory_bytes'), () => ONE(process.memoryUsage.rss())),
	gauge(metric('process_start_time_seconds'), () => ONE(STARTED_AT)),
	gauge(metric('process_open_fds'), () => {
		try {
			return ONE(readdirSync('/proc/self/fd').length);
		} catch {
			// Only Linux does.
			return [];
		}
	}),
	gauge(metric('nodejs_heap_size_used_bytes'), () => ONE(process.memoryUsage().heapUsed)),
	gauge(metric('nodejs_heap_size_total_bytes'), () => ONE(process.memoryUsage().heapTotal)),
	gauge(metric('nodejs_external_memory_bytes'), () => ONE(process.memoryUsage().external)),
	gauge(metric('nodejs_eventloop_lag_p99_seconds'), () => ONE(secondsOf(delay.percentile(99)))),
	gauge(metric('nodejs_eventloop_lag_max_seconds'), () => ONE(secondsOf(delay.max))),
];
