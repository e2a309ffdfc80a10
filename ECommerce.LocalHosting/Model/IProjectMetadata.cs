using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What the generated <c>Projects.*</c> classes tell of a project.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}
