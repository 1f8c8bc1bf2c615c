// Holds what a receiver got against the tasks that were asked for: by ids, without asking the product anything.
import type {NoticesOutcome, Received} from './notices-under-kills.ts';

export function faultsOfNotices({runs, received, faults: others}: NoticesOutcome): readonly string[] {
	const faults = [...others];
	const byTask = Map.groupBy(received, ({task}) => task);
	const byId = Map.groupBy(received, ({id}) => id);
	for (const {task, status} of runs) {
		const ids = new Set(byTask.get(task)?.map(({id}) => id));
		if (ids.size !== 1) faults.push(`${task} (${status}) gave ${ids.size} notices`);
	}
	const known = new Map(runs.map(({task, status}) => [task, status]));
	for (const [id, [first, ...again]] of byId) {
		if (first === undefined) continue;
		if (!known.has(first.task)) faults.push(`${id} is of ${first.task}, which nobody has asked for`);
		if (again.some(({task, status}) => task !== first.task || status !== first.status))
			faults.push(`${id} told something else when it came again`);
	}
	return [...faults, ...received.flatMap(each => faultsOfOne(each, known.get(each.task)))];
}

function faultsOfOne({id, task, status, isSigned, found}: Received, end: string | undefined): readonly string[] {
	const faults: string[] = [];
	if (!isSigned) faults.push(`${id} is not signed as it must be`);
	if (status !== end) faults.push(`${id} says that ${task} is ${status}, and it is ${end}`);
	if (found.status !== status) faults.push(`${id} says ${status} when ${task} is ${found.status}`);
	if (status === 'COMPLETED' && found.result !== 200)
		faults.push(`${id} came when the result of ${task} was answered by ${found.result}`);
	return faults;
}
