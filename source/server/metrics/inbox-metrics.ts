// How a watched folder is doing that is served beside.
import type {ServedInbox} from '../served-inbox.ts';
import {type Family, gauge, ONE} from './families.ts';

export const inboxFamilies = ({look}: ServedInbox): readonly Family[] => [
	gauge({name: 'fileproc_inbox_files', help: 'Files of the watched folder, by their state.'}, () =>
		Object.entries(look().status.files).map(([state, value]) => ({labels: {state}, value})),
	),
	gauge(
		{name: 'fileproc_inbox_oldest_file_age_seconds', help: 'How long the file has waited that has waited longest.'},
		() => ONE(look().status.oldest?.age ?? 0),
	),
];
