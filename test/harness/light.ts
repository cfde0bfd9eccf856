/** Setup of the files that share a worker: the SDK is made light before the first of them imports it. */
import "./quickSdk.ts";
