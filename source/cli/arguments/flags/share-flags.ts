// Flags for runs that others follow, and for those who do. They are of one run each: no variable and no configuration file sets them.
import type {FlagDefinition} from './definition.ts';

export const SHARE_FLAGS = [
	{
		name: 'listen',
		type: 'string',
		default: null,
		defaultText: '127.0.0.1:8000 for serve; a run does not listen',
		group: 'Follow',
		commands: ['serve', 'run'],
		placeholder: '<host:port>',
		description:
			'Where to listen. serve: for its users; another address than one of this machine needs accounts. A run: for those who follow it with attach, on this machine only; also the path of a socket',
	},
	{
		name: 'allow-control',
		type: 'boolean',
		default: false,
		group: 'Follow',
		commands: ['run'],
		description: 'Those who follow the run may pause it, cancel and retry; otherwise they only look',
	},
	{
		name: 'detach',
		type: 'boolean',
		default: false,
		group: 'Follow',
		commands: ['run'],
		description: 'Run in the background, also when this terminal closes; attach shows it, also when it has ended',
	},
	{
		name: 'readonly',
		type: 'boolean',
		default: false,
		group: 'Follow',
		commands: ['attach'],
		description: 'attach offers nothing that changes the run',
	},
] as const satisfies readonly FlagDefinition[];
