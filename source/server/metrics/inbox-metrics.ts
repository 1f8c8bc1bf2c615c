// How a watched folder is doing that is served beside.
import type {ServedInbox} from '../served-inbox.ts';
import {type Family, gauge, ONE} from './families.ts';
import {metric} from './metric-names.ts';

export const inboxFamilies = ({look}: ServedInbox): readonly Family[] => [
	gauge(metric('fileproc_inbox_files'), () =>
		Object.entries(look().status.files).map(([state, value]) => ({labels: {state}, value})),
	),
	gauge(metric('fileproc_inbox_oldest_file_age_seconds'), () => ONE(look().status.oldest?.age ?? 0)),
];
