import {useSyncExternalStore} from 'react';
import {type QueueState, uploadQueue} from './upload-queue.ts';

export const useUploads = (): QueueState => useSyncExternalStore(uploadQueue.subscribe, uploadQueue.getState);
