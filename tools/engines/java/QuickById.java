import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import java.util.stream.StreamSupport;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Finds a document by its `_id` also where a query asks for more, as the guarded writes of read models do
 * (`{_id, position: {$lt}}`). Of itself the server would read the whole collection for each of them.
 */
class QuickById extends H2Backend {
  QuickById(MVStore store) {
    super(store);
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String name) {
    return new Database(name);
  }

  /** An inner class: its outer one is there when the constructor it inherits opens the collections. */
  private final class Database extends H2Database {
    Database(String name) {
      super(name, getMvStore(), getCursorRegistry());
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
      String space = getDatabaseName() + "." + name;
      MVMap<Object, Document> documents = getMvStore().openMap("databases." + space);
      MVMap<String, Object> meta = getMvStore().openMap("meta." + space);
      return new Collection(this, name, options, documents, meta, getCursorRegistry());
    }
  }

  private static final class Collection extends H2Collection {
    Collection(MongoDatabase database, String name, CollectionOptions options, MVMap<Object, Document> documents,
        MVMap<String, Object> meta, CursorRegistry cursors) {
      super(database, name, options, documents, meta, cursors);
    }

    @Override
    protected QueryResult queryDocuments(Document query, Document order, int skip, int limit, int batch, Document fields) {
      if (query.size() < 2 || !(query.get("_id") instanceof String)) {
        return super.queryDocuments(query, order, skip, limit, batch, fields);
      }
      QueryResult found = super.queryDocuments(new Document("_id", query.get("_id")), null, 0, 0, 0, null);
      return matchDocumentsFromStream(
          StreamSupport.stream(found.spliterator(), false), query, order, skip, limit, batch, fields);
    }
  }
}
