using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

internal sealed record ResourceRow(
    string Id, string Name, int Order, string Type, string? State, string? Health, string? Problem, int? ExitCode, DateTime? StartTime,
    string Source, IReadOnlyList<string> Urls, IReadOnlyList<string> InternalUrls, IReadOnlyList<string> Commands)
{
    private const string Masked = "••••••••";

    public static async ValueTask<ResourceRow> OfAsync(ResourceEvent change, int order, CancellationToken cancellationToken)
    {
        var snapshot = change.Snapshot;
        var isProcess = change.Resource is not (ParameterResource or IResourceWithParent);
        return new(
            change.ResourceId, change.Resource.Name, order, snapshot.ResourceType, snapshot.State?.Text, snapshot.HealthStatus?.ToString(),
            snapshot.HealthReports.FirstOrDefault(report => report.Description is not null)?.Description,
            snapshot.ExitCode, snapshot.StartTimeStamp,
            await SourceOfAsync(change.Resource, cancellationToken).ConfigureAwait(false),
            [.. snapshot.Urls.Where(url => !url.IsInternal).Select(url => url.Url)],
            [.. snapshot.Urls.Where(url => url.IsInternal).Select(url => url.Url)],
            isProcess ? [.. ResourceCommandRules.Enabled(snapshot.State?.Text).Select(command => command.Split('-')[^1])] : []);
    }

    private static async ValueTask<string> SourceOfAsync(IResource resource, CancellationToken cancellationToken) => resource switch
    {
        ParameterResource { Secret: true } => Masked,
        ParameterResource parameter => await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? "",
        ProjectResource project => Path.GetFileName(project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath),
        ExecutableResource executable => executable.Command,
        RedisResource => "redis-server",
        MySqlServerResource => "mariadbd",
        MySqlDatabaseResource database => $"database of {database.Parent.Name}",
        _ => "",
    };
}
