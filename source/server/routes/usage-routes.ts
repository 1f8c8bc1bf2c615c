// How much of what an account may have it has, and what it has done month by month.
import {bothPaths, type Routes, userOf} from '../context.ts';

export const usageRoutes: Routes = (app, {datasets, hub, options, figures}) => {
	for (const path of bothPaths('/usage')) {
		app.get(path, async request => {
			const user = userOf(request);
			const {files, bytes} = datasets.room.usageOf(user);
			const {processing, queued} = figures.tasksOf(user.id).files;
			return {
				user: {id: user.id, name: user.name, role: user.role},
				files: {used: files, limit: options.quotaFiles},
				bytes: {used: bytes, limit: options.quotaBytes, limit_of_a_file: options.maxUploadBytes},
				running: {used: processing, limit: options.maxConcurrentTasks},
				waiting: {used: queued, limit: Math.min(options.maxQueued, options.maxQueuedPerUser)},
				streams: {used: hub.streamsOf(user.id), limit: options.maxStreamsPerUser},
				months: figures.monthsOf(user.id),
			};
		});
	}
	for (const path of bothPaths('/usage/users')) app.get(path, async () => ({users: figures.usageOfUsers(MAX_USERS)}));
};

/** Those who have the most. */
const MAX_USERS = 1000;
