/** What becomes of tasks of an image: they run, or die when they start, as a container does that crashes. Apart, since the help of a command names them. */
export const imageFates = ["runs", "dies"] as const;
