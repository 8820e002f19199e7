/**
 * How Node runs the worker. By itself V8 lets its nursery grow with the rate of sending, to 200 MB and more of what is
 * garbage already; the bench `send` showed no cost of a smaller one. `npm run worker` says the same.
 */
export const WORKER_NODE_FLAGS = ["--max-semi-space-size=4"];
