using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

internal static class StopOrder
{
    /// <summary>Waves of resources: nobody stops before everyone that waits for it has stopped.</summary>
    public static IEnumerable<IReadOnlyList<IResource>> Waves(IEnumerable<IResource> resources)
    {
        var left = resources.ToList();
        while (left.Count > 0)
        {
            var needed = left.SelectMany(Needs).ToHashSet();
            var wave = left.Where(resource => !needed.Contains(resource)).ToList();
            // A circle of waits has no right order: all of it at once.
            if (wave.Count == 0)
                wave = [.. left];

            yield return wave;
            left.RemoveAll(wave.Contains);
        }
    }

    private static IEnumerable<IResource> Needs(IResource resource) => resource.Annotations.OfType<WaitAnnotation>()
        .Select(wait => wait.Resource)
        .Concat(resource is IResourceWithParent child ? [child.Parent] : []);
}
