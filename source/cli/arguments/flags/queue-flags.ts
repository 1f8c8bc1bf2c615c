// Flags for files that workers on other machines read, and for those workers.
import {parseQueueAddress} from '../../../cluster/queue-address.ts';
import {findPercentFault} from '../../../text/secret-address.ts';
import {flagsOf} from './definition.ts';

const findQueueFault = (text: string): string | undefined =>
	parseQueueAddress(text) === null
		? (findPercentFault(text) ?? 'the address of a queue is like redis://host:6379 or postgres://name@host/database')
		: undefined;

const findRootMapFault = (text: string): string | undefined =>
	/^\/[^=]*=\/.*$/.test(text) ? undefined : 'two whole paths with = between them, like /data=/mnt/data';

export const QUEUE_FLAGS = [
	...flagsOf({group: 'Workers', commands: ['run', 'config', 'watch', 'serve', 'worker'], config: 'own'}, [
		{
			name: 'queue',
			type: 'string',
			default: null,
			defaultText: 'this machine reads',
			placeholder: '<url>',
			pattern: '^(?:rediss?|postgres(?:ql)?)://.',
			findFault: findQueueFault,
			description:
				'Have files read by workers on other machines, which take them from a queue on Redis or PostgreSQL: redis://host:6379 or postgres://name@host/database',
		},
		{
			name: 'queue-secret',
			type: 'string',
			default: null,
			defaultText: 'none, on this machine only',
			placeholder: '<secret>',
			description:
				'What jobs and results are signed with, the same for all; who does not have it can neither have files read nor invent figures. Where there is none, anyone who can reach the queue can. Others of this machine see it in the list of processes: rather use the variable, or --queue-secret-file',
		},
		{
			name: 'queue-secret-file',
			type: 'string',
			default: null,
			defaultText: 'none',
			placeholder: '<file>',
			completes: 'file',
			description: 'The file that this secret is in',
		},
	]),
	...flagsOf({group: 'Workers', commands: ['worker']}, [
		{
			name: 'root-map',
			type: 'string',
			default: null,
			isMultiple: true,
			placeholder: '<path=path>',
			findFault: findRootMapFault,
			description:
				'Where this machine has what lies elsewhere on the machine of the run: /data=/mnt/data; may be given more than once',
		},
		{
			name: 'name',
			type: 'string',
			default: null,
			defaultText: 'that of the machine, and a number',
			placeholder: '<name>',
			description: 'What people call this worker',
		},
	]),
] as const;
