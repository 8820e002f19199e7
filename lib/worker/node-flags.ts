/**
 * How Node runs the worker. By itself V8 lets its nursery grow with the rate of sending, to 200 MB and more of what is
 * garbage already, and after a quiet start it lets the rest of its heap grow to four times its size before it looks
 * through it: the bench `send` showed no cost of less of both, and a peak of 213 MB instead of 277. `npm run worker` says
 * the same.
 */
export const WORKER_NODE_FLAGS = ["--max-semi-space-size=8", "--heap-growing-percent=60"];
