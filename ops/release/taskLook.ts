/** How tasks on their way are waited for: seconds between two looks, and how often it is looked again. Ten minutes in all. */
export const taskLook = { seconds: 5, times: 120 };
