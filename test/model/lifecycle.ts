/**
 * Which images a lifecycle policy of ECR expires. The rules are those of the ECR guide, "Lifecycle policy evaluation rules": rules
 * apply in the order of `rulePriority`; an image that matches the tagging requirements of a rule cannot be expired by a rule of a
 * lower priority (a higher number); a rule with `tagPatternList` counts images of which a tag matches each of its patterns; images
 * are ordered by when they were pushed.
 */

/** An image, without its layers. */
interface PushedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Days since it was pushed. */
  readonly age: number;
}

interface LifecycleRule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: "any" | "tagged" | "untagged";
    readonly tagPatternList?: readonly string[];
    readonly countType: "imageCountMoreThan" | "sinceImagePushed";
    readonly countNumber: number;
  };
}

/** Digests that go at the next evaluation. @param policy JSON text */
export function expiredImages(policy: string, images: readonly PushedImage[]): string[] {
  const { rules } = JSON.parse(policy) as { readonly rules: readonly LifecycleRule[] };
  const taken = new Set<PushedImage>();
  return rules
    .toSorted((a, b) => a.rulePriority - b.rulePriority)
    .flatMap(({ selection }) => {
      const matching = images.filter((image) => matches(image, selection));
      const newestFirst = matching.toSorted((a, b) => a.age - b.age);
      const over =
        selection.countType === "sinceImagePushed"
          ? matching.filter(({ age }) => age > selection.countNumber)
          : newestFirst.slice(selection.countNumber);
      const expired = over.filter((image) => !taken.has(image));
      for (const image of matching) taken.add(image);
      return expired.map(({ digest }) => digest);
    });
}

function matches({ tags }: PushedImage, { tagStatus, tagPatternList = [] }: LifecycleRule["selection"]): boolean {
  if (tagStatus === "any") return true;
  if (tagStatus === "untagged") return tags.length === 0;
  return tagPatternList.every((pattern) => tags.some((tag) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(tag)));
}
